// CouchDB's protocol by express-pouchdb over a PouchDB in memory, filled with the data set; a second port changes and counts.
import { createRequire } from 'node:module';
import { isOpen } from '../data.ts';
import { answer } from '../servers/answering.ts';
import { sampleOf, Tickets } from '../servers/tickets.ts';

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb');
PouchDB.plugin(require('pouchdb-adapter-memory'));
const express = require('express');

const Memory = PouchDB.defaults({ adapter: 'memory' });
const db = new Memory('tickets');
const tickets = new Tickets(Number(process.argv[2]));
const toDocument = ({ id, ...rest }) => ({ _id: id, ...rest, isOpen: isOpen(rest) });
for (let i = 0; i < tickets.all.length; i += 2000) await db.bulkDocs(tickets.all.slice(i, i + 2000).map(toDocument));

const app = express();
app.use('/db', require('express-pouchdb')(Memory, { mode: 'minimumForPouchDB', logPath: 'pouchdb.log', inMemoryConfig: true }));
const couch = await new Promise((resolve) => {
  const server = app.listen(0, '127.0.0.1', () => resolve(server));
});

answer(
  {
    '/change': async ({ query }) => {
      const changed = tickets.change(Number(query.get('round')));
      const { rows } = await db.allDocs({ keys: changed.map((t) => t.id) });
      await db.bulkDocs(changed.map((t, i) => ({ ...toDocument(t), _rev: rows[i].value.rev })));
      return sampleOf(changed);
    },
    '/stats': async () => {
      // A device's index comes along as a document.
      const { rows } = await db.allDocs({ startkey: '_design/', endkey: '_design0' });
      return JSON.stringify({ pushed: (await db.info()).doc_count - rows.length, requests: 0 });
    },
  },
  { db: `http://127.0.0.1:${couch.address().port}/db/tickets` },
);
