/**
 * Resolves the fields of an Import/Export job: from the job if it has them, otherwise by one read of its status or its
 * documents.
 */
import type { GraphQLResolveInfo } from 'graphql';
import type { Scope } from '../identity/caller.ts';
import type {
  ImportExportDocuments,
  ImportExportJob,
  ImportExportProgress,
  ImportExportStatus,
  JobArtifact,
  JobSignature,
  StorageDevice,
  TransferDirection,
} from '../model/import-export-job.ts';
import type { Context } from './context.ts';
import { forbiddenAt } from './forbidden.ts';

/** The status of `job`, read once for all its fields. */
export async function statusOf(job: ImportExportJob, context: Context): Promise<ImportExportStatus> {
  return job.status ?? (await context.loaders.importExportStatus.load(job.awsJobId));
}

export async function direction(job: ImportExportJob, _args: unknown, context: Context): Promise<TransferDirection> {
  return job.direction ?? (await statusOf(job, context)).direction;
}

export async function progress(job: ImportExportJob, _args: unknown, context: Context): Promise<ImportExportProgress> {
  return (await statusOf(job, context)).progress;
}

export async function device(job: ImportExportJob, _args: unknown, context: Context): Promise<StorageDevice | null> {
  return (await statusOf(job, context)).device;
}

export async function manifest(job: ImportExportJob, _args: unknown, context: Context): Promise<string | null> {
  return (await documentsOf(job, context)).manifest?.reveal() ?? null;
}

export async function signature(job: ImportExportJob, _args: unknown, context: Context): Promise<JobSignature | null> {
  return (await documentsOf(job, context)).signature?.reveal() ?? null;
}

export async function artifacts(
  job: ImportExportJob,
  _args: unknown,
  context: Context,
): Promise<readonly JobArtifact[]> {
  return (await documentsOf(job, context)).artifacts;
}

/** An empty list and an error, instead of artifacts that the caller may not see. The other fields of the job stay. */
export function withheldArtifacts(scope: Scope, context: Context, info: GraphQLResolveInfo): readonly JobArtifact[] {
  context.report(forbiddenAt(scope, info));
  return [];
}

/** Clears what this operation has read of a job that it has just changed. */
export function forgetImportExportJob(awsJobId: string, context: Context): void {
  context.loaders.importExportStatus.clear(awsJobId);
  context.loaders.importExportDocuments.clear(awsJobId);
}

async function documentsOf(job: ImportExportJob, context: Context): Promise<ImportExportDocuments> {
  return context.loaders.importExportDocuments.load(job.awsJobId);
}
