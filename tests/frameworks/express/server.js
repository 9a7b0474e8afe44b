// A real Express with Helmet as it comes, for isolab's tests: prints its port, and ends with its standard input.
const express = require('express');
const helmet = require('helmet');
const path = require('node:path');

const pages = process.argv[2];
const app = express();

// What mends popup sign-in: on the page with the button, and none on the page that the answer comes to.
const mended = { app: { policy: 'same-origin-allow-popups' }, callback: { policy: 'unsafe-none' } };
for (const page of ['app', 'callback']) {
  app.get(`/mended/${page}`, helmet({ crossOriginOpenerPolicy: mended[page] }));
}
app.use((request, response, next) => (request.path.startsWith('/mended/') ? next() : helmet()(request, response, next)));
app.get('/:setting/:page', (request, response) => response.sendFile(path.join(pages, `${request.params.page}.html`)));
app.get('/:script', (request, response) => response.sendFile(path.join(pages, request.params.script)));

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
