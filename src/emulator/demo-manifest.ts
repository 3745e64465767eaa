/** The manifest of demo and seeded jobs, in the form of the samples of AWS's guide. */
import { demo } from './demo.ts';

export function demoManifest(deviceId: string): string {
  return `manifestVersion: 2.0
generator: Waybill emulator
bucket: ${demo.bucket}
logBucket: ${demo.logBucket}
logPrefix: logs/
deviceId: ${deviceId}
eraseDevice: yes
notificationEmail: jane@example.com
returnAddress:
    name: Jane Roe
    street1: 123 Any Street
    city: Anytown
    stateOrProvince: WA
    postalCode: 91011-1111
    phoneNumber: 206-555-1111
    country: USA
`;
}
