/** The location of an object in S3. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}
