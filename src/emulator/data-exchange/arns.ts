/** Amazon resource names, in the form of the Data Exchange User Guide; entitled resources have an empty account field. */
const region = 'us-east-1';
const account = '123456789012';

export type Origin = 'OWNED' | 'ENTITLED';

export function jobArn(id: string): string {
  return `arn:aws:dataexchange:${region}:${account}:jobs/${id}`;
}

export function dataSetArn(origin: Origin, id: string): string {
  return `arn:aws:dataexchange:${region}:${origin === 'OWNED' ? account : ''}:data-sets/${id}`;
}
