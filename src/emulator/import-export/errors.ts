/** The errors of AWS Import/Export (its API reference, "Errors", and the service's model). */
import type { Answer } from '../answer.ts';
import type { SignatureFault } from '../credentials.ts';
import { errorReply } from './xml.ts';

export class ImportExportError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }

  /** `Receiver` was never observed; other AWS services of this protocol send it with a 5xx. */
  answer(requestId: string): Answer {
    const type = this.status >= 500 ? 'Receiver' : 'Sender';
    const body = errorReply(type, this.code, this.message, requestId);
    return { status: this.status, headers: { 'content-type': 'text/xml' }, body };
  }
}

/** The text of the live service, with the id as it was sent. */
export function invalidJobId(jobId: string): ImportExportError {
  return new ImportExportError('InvalidJobIdException', `No such job ${jobId} for your account`);
}

export function missingParameter(name: string): ImportExportError {
  return new ImportExportError('MissingParameterException', `The request is missing the parameter ${name}`);
}

export function invalidParameter(name: string): ImportExportError {
  return new ImportExportError('InvalidParameterException', `The parameter ${name} has a bad value`);
}

/** The text of the live service. */
export function malformedManifest(): ImportExportError {
  return new ImportExportError('MalformedManifestException', 'Your manifest is not well-formed');
}

/** The wording of the service's e-mail interface of 2009. */
export function missingField(field: string, code = 'MissingManifestFieldException'): ImportExportError {
  return new ImportExportError(code, `The manifest file was missing one or more required fields: ${field}`);
}

/** The wording as in `missingField`. */
export function invalidField(field: string, code = 'InvalidManifestFieldException'): ImportExportError {
  return new ImportExportError(code, `The manifest file contained one or more invalid fields: ${field}`);
}

/** Only the code for an unknown key is documented; the others are AWS's common ones. */
const signatureErrors: Readonly<Record<SignatureFault, ImportExportError>> = {
  missing: new ImportExportError('MissingAuthenticationToken', 'The request is not signed.', 403),
  incomplete: new ImportExportError('IncompleteSignature', 'The signature is not complete.'),
  unknownKey: new ImportExportError('InvalidClientTokenIdException', 'The access key id is not known.', 403),
  untimely: new ImportExportError('RequestExpired', 'The request was not signed at this time.'),
  mismatch: new ImportExportError('SignatureDoesNotMatch', 'The signature does not match the request.', 403),
};

export function signatureError(fault: SignatureFault): ImportExportError {
  return signatureErrors[fault];
}

const usualCodes: Readonly<Record<number, string>> = {
  400: 'InvalidParameterException',
  403: 'InvalidClientTokenIdException',
  429: 'Throttling',
  500: 'InternalFailure',
  503: 'ServiceUnavailable',
};

/** A scripted error. */
export function scriptedError(status: number, awsCode?: string): ImportExportError {
  const code = awsCode ?? usualCodes[status] ?? (status >= 500 ? 'InternalFailure' : 'InvalidParameterException');
  return new ImportExportError(code, 'Scripted by the emulator.', status);
}
