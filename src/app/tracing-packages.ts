/** The packages of OpenTelemetry, which those who want traces install beside the program: they are as large as the rest of it. */
import manifest from '../../package.json' with { type: 'json' };

/** The fault of the setting that asks for traces; undefined if it is not set, or all packages are there. */
export function tracingFault(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  const missing = Object.entries(manifest.peerDependencies).filter(([name]) => !isInstalled(name));
  if (missing.length === 0) return undefined;
  const names = missing.map(([name]) => name).join(', ');
  const command = `npm install ${missing.map(([name, range]) => `${name}@${range}`).join(' ')}`;
  return `OTEL_EXPORTER_OTLP_ENDPOINT: expected the packages of OpenTelemetry beside Waybill, did not find ${names}. Install them where Waybill is installed: ${command}`;
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
