/** Writes the XML of AWS Import/Export replies (its API reference, "Common Responses"). */

/** The namespace of the samples; the service's model appends `doc/2010-06-01/`. Clients ignore both. */
const namespace = 'http://importexport.amazonaws.com/';

/** `children` is XML already. */
export function element(name: string, ...children: readonly string[]): string {
  const content = children.join('');
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

/** An element with `value` as its text; an empty string if there is no value. */
export function textElement(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escaped(String(value))}</${name}>`;
}

export function reply(operation: string, requestId: string, ...members: readonly string[]): string {
  const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
  return rooted(`${operation}Response`, element(`${operation}Result`, ...members) + metadata);
}

export function errorReply(type: 'Sender' | 'Receiver', code: string, message: string, requestId: string): string {
  const members = [textElement('Type', type), textElement('Code', code), textElement('Message', message)];
  return rooted('ErrorResponse', element('Error', ...members) + textElement('RequestId', requestId));
}

/** ISO 8601 in UTC with whole seconds. */
export function secondsText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '');
}

function rooted(name: string, content: string): string {
  return `<${name} xmlns="${namespace}">${content}</${name}>\n`;
}

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** A bare CR would be read as LF, so it becomes a reference. Control characters that no manifest can contain are replaced. */
function escaped(text: string): string {
  return text.replace(/[&<>\r]/g, (sign) => references[sign] ?? sign).replace(/[^\P{Cc}\t\n\u0085]/gu, '\uFFFD');
}
