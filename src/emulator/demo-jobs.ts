/** Adds demo jobs in every state; some of them move for several minutes. */
import type { JobError } from './data-exchange/job-failure.ts';
import { exportAssetToSignedUrl } from './data-exchange/job-types/export-asset-to-signed-url.ts';
import { exportAssetsToS3 } from './data-exchange/job-types/export-assets-to-s3.ts';
import { exportRevisionsToS3 } from './data-exchange/job-types/export-revisions-to-s3.ts';
import { importAssetsFromS3 } from './data-exchange/job-types/import-assets-from-s3.ts';
import type { JobRequest } from './data-exchange/job-types/job-type.ts';
import type { Jobs as DataExchangeJobs } from './data-exchange/jobs.ts';
import { demo } from './demo.ts';
import { demoManifest } from './demo-manifest.ts';
import { type Course, returned, type Status } from './import-export/job.ts';
import type { Jobs as ImportExportJobs } from './import-export/jobs.ts';
import { manifestFrom } from './import-export/manifest.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;

const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };

const download = exportAssetToSignedUrl.request({ ...revision, AssetId: demo.assetId });

const exportOfRevision = exportRevisionsToS3.request({
  DataSetId: demo.dataSetId,
  RevisionDestinations: [{ Bucket: demo.exportBucket, RevisionId: demo.finalizedRevisionId }],
  Encryption: { Type: 'AES256' },
});

function importOf(key: string, bucket: string = demo.bucket): JobRequest {
  return importAssetsFromS3.request({ ...revision, AssetSources: [{ Bucket: bucket, Key: key }] });
}

function exportOf(key: string): JobRequest {
  const AssetDestinations = [{ AssetId: demo.assetId, Bucket: demo.exportBucket, Key: key }];
  return exportAssetsToS3.request({ ...revision, AssetDestinations });
}

export function addDataExchangeDemoJobs(jobs: DataExchangeJobs, now: number): void {
  addOlderJobs(jobs, now);
  addFinishedJobs(jobs, now);
  jobs.add(download, now - 30 * minuteMs, { id: demo.waitingJobId });
  jobs.add(exportOfRevision, now - 25 * minuteMs, { id: demo.otherWaitingJobId });
  addMovingJobs(jobs, now);
}

/** Of the days before, so that there is a past to search. */
function addOlderJobs(jobs: DataExchangeJobs, now: number): void {
  const threeDaysAgo = now - 3 * dayMs;
  jobs.add(importOf('prices/2023/12.csv'), threeDaysAgo, { state: 'COMPLETED', updatedAt: threeDaysAgo + minuteMs });
  addFailedImport(jobs, now - dayMs, 'prices/2023/13.csv', demo.missingBucket, 'RESOURCE_NOT_FOUND_EXCEPTION');
}

function addFailedImport(
  jobs: DataExchangeJobs,
  at: number,
  key: string,
  bucket: string,
  code: JobError['Code'],
): void {
  jobs.add(importOf(key, bucket), at, {
    state: 'ERROR',
    updatedAt: at + 20 * secondMs,
    errors: [
      {
        Code: code,
        Message: `Cannot read from the bucket ${bucket}.`,
        Details: { ImportAssetsFromS3JobErrorDetails: [{ Bucket: bucket, Key: key }] },
        ResourceType: 'ASSET',
      },
    ],
  });
}

function addFinishedJobs(jobs: DataExchangeJobs, now: number): void {
  const at = now - 22 * minuteMs;
  jobs.add(importOf('prices/2024/02.csv'), at, { state: 'COMPLETED', updatedAt: at + 36 * secondMs });
  addFailedImport(jobs, at + 6 * minuteMs, 'prices/2024/03.csv', demo.forbiddenBucket, 'ACCESS_DENIED_EXCEPTION');
  jobs.add(exportOf('abandoned.csv'), at + 12 * minuteMs, { state: 'CANCELLED', updatedAt: at + 13 * minuteMs });
  jobs.add(exportOf('too-slow.csv'), at + 18 * minuteMs, { state: 'TIMED_OUT', updatedAt: at + 21 * minuteMs });
}

/** One starts every 30 s and takes 20 s; the first is already in progress. */
function addMovingJobs(jobs: DataExchangeJobs, now: number): void {
  for (let number = 0; number < 6; number += 1) {
    const startsAt = now + (30 * number - 10) * secondMs;
    const request = number % 2 === 0 ? importOf(`prices/2024/demo-${number}.csv`) : exportOf(`demo-${number}.csv`);
    jobs.add(request, now - (18 - 3 * number) * minuteMs, { course: { startsAt, endsAt: startsAt + 20 * secondMs } });
  }
}

interface DemoDevice {
  readonly minutesAgo: number;
  readonly deviceId: string;
  readonly course?: Course;
  readonly fixed?: Status;
  readonly id?: string;
}

export function addImportExportDemoJobs(jobs: ImportExportJobs, now: number): void {
  for (const { minutesAgo, deviceId, ...rest } of demoDevices(now)) {
    const manifest = manifestFrom(demoManifest(deviceId), 'Import');
    jobs.add({ manifest, createdAt: now - minutesAgo * minuteMs, ...rest });
  }
}

function demoDevices(now: number): readonly DemoDevice[] {
  const atAws = { locationCode: 'AtAWS', errorCount: 0 };
  return [
    { minutesAgo: 24, deviceId: 'DISK-1', fixed: returned({ ...atAws, progressCode: 'Complete' }) },
    {
      minutesAgo: 6,
      deviceId: 'DISK-2-ERRORS',
      fixed: returned({ ...atAws, progressCode: 'SuccessWithErrors', errorCount: 3 }),
    },
    { minutesAgo: 17, deviceId: 'DISK-3-UNSIGNED', fixed: { ...atAws, progressCode: 'MissingSignature' } },
    {
      minutesAgo: 20,
      deviceId: 'DISK-4',
      fixed: { locationCode: 'NotReceived', progressCode: 'Canceled', errorCount: 0 },
    },
    { minutesAgo: 24 * 60, deviceId: 'DISK-9-FAULTY', fixed: returned({ ...atAws, progressCode: 'DeviceError' }) },
    // These three enter the next stage every minute, each at another time.
    { minutesAgo: 5, deviceId: 'DISK-5', course: { startsAt: now - 110 * secondMs, stepMs: minuteMs } },
    { minutesAgo: 9, deviceId: 'DISK-6-ERRORS', course: { startsAt: now - 40 * secondMs, stepMs: minuteMs } },
    { minutesAgo: 2, deviceId: 'DISK-7-FAULTY', course: { startsAt: now + 30 * secondMs, stepMs: minuteMs } },
    { minutesAgo: 11, deviceId: 'DISK-8', id: demo.expectedDeviceJobId },
  ];
}
