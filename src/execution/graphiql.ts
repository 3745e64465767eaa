/** Configures the GraphiQL page that `yoga.ts` serves to browsers, with examples that run unchanged on the demo data of the emulator. */
import type { GraphiQLOptions } from 'graphql-yoga';
import { demo } from '../emulator/demo.ts';
import { globalIdFrom } from '../resolvers/global-id.ts';

const board = `# The newest jobs of both services on one board.
# Press the button on the right.
query Board {
  jobs(first: 10) {
    nodes {
      id
      service
      state
      statusMessage
      availableActions
      createdAt
      ... on ImportExportJob {
        direction
        device { location }
      }
      ... on DataExchangeJob {
        type
        details { dataSetId }
      }
    }
    pageInfo { endCursor hasNextPage }
  }
}
`;

const activity = `# Everything that happens, as it happens.
# Leave it running and create a job in a second browser tab.
subscription Activity {
  jobActivity {
    __typename
    observedAt
    cursor
    ... on JobStateChange {
      previousState
      state
      job { id service statusMessage }
    }
  }
}
`;

const failed = `# What failed, why, and the names of the data sets concerned.
query Failed {
  jobs(filter: { states: [FAILED, TIMED_OUT] }) {
    nodes {
      awsJobId
      state
      statusMessage
      ... on DataExchangeJob {
        type
        details { dataSet { name } }
      }
    }
    pageInfo { endCursor hasNextPage }
  }
}
`;

const catalog = `# The data sets of the account, with their revisions and files.
query Catalog {
  dataSets {
    nodes {
      name
      origin
      revisions(first: 5) {
        nodes {
          comment
          isFinalized
          assets(first: 5) { nodes { name sizeBytes } }
        }
      }
    }
  }
}
`;

const createDataExchangeJob = `# Copies an object from S3 into a revision, and starts at once.
mutation CreateDataExchangeJob {
  createDataExchangeJob(
    input: {
      start: true
      details: {
        importAssetsFromS3: {
          dataSetId: "${demo.dataSetId}"
          revisionId: "${demo.revisionId}"
          sources: [{ bucket: "${demo.bucket}", key: "prices/2024/03.csv" }]
        }
      }
    }
  ) {
    job { id state type }
    userErrors { code message field awsCode }
  }
}
`;

const createImportExportJob = `# Announces a disk that will come by post.
# The emulator's post is quick.
mutation CreateImportExportJob {
  createImportExportJob(
    input: {
      manifest: {
        importToS3: {
          deviceId: "DISK-0001"
          bucket: "${demo.bucket}"
          returnAddress: {
            name: "Jane Roe"
            street1: "123 Any Street"
            city: "Anytown"
            stateOrProvince: "WA"
            postalCode: "91011-1111"
            phoneNumber: "206-555-1111"
            country: "USA"
          }
        }
      }
    }
  ) {
    job { id awsJobId state signature { fileContents } }
    warning
    userErrors { code message field awsCode }
  }
}
`;

const waitingJobId = globalIdFrom({ service: 'DATA_EXCHANGE', awsJobId: demo.waitingJobId });

const start = `# Starts a demo job that waits.
# Watch it in a second browser tab, with the next example.
mutation Start {
  startDataExchangeJob(id: "${waitingJobId}") {
    job { state }
    userErrors { code message }
  }
}
`;

const watch = `# The present state of the jobs in the variables,
# then each change, until all are finished.
subscription Watch($ids: [ID!]!) {
  jobStateChanged(ids: $ids) {
    __typename
    observedAt
    cursor
    ... on JobStateChange {
      previousState
      state
      job {
        id
        statusMessage
        ... on ImportExportJob {
          device {
            location
            returnShipment { carrier trackingNumber }
          }
        }
      }
    }
  }
}
`;

export const graphiqlOptions: GraphiQLOptions = {
  title: 'Waybill',
  subscriptionsProtocol: 'WS',
  defaultQuery: board,
  defaultTabs: [
    { query: board },
    { query: activity },
    { query: failed },
    { query: catalog },
    { query: createDataExchangeJob },
    { query: createImportExportJob },
    { query: start },
    { query: watch, variables: JSON.stringify({ ids: [waitingJobId] }, null, 2) },
  ],
};

/**
 * GraphiQL 5 in the page of 5.24.1 shifts each tab by an old distance as long as a mouse button is down on it, so that the button is
 * released beside the tab and the first click does nothing. Tabs can still be dragged to another place.
 */
const tabsStay = '<style>.graphiql-tab { transform: none !important; }</style>';

/** Lets the tabs of GraphiQL's page open at the first click. */
export function withTabsThatStay(page: string): string {
  return page.replace('</head>', () => `${tabsStay}</head>`);
}
