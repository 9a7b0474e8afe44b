// What a page sees of a window in which no script tells anything.

async function asked(page) {
  while (!(await isolab.requests(page)).length) { /* Each round takes as long as an answer of the server. */ }
}

async function turned(handle) {
  while (!handle.closed) await isolab.requests('control');
}

// A handle that is to turn does so when the response has come: one that is cut later, and twice, has turned by then.
async function tellHandle({ url, name, control }) {
  const popup = self.open(url, name ?? '');
  await asked('popup');
  for (const _ of [1, 2]) await turned(self.open(control));
  isolab.say('closed', popup.closed);
  isolab.say('name', popup.closed ? 'none' : popup.name);
  if (!popup.closed) popup.close();
}

// Whether window.open gives no handle, with a window of that name there.
async function tellReturned({ first, second, name, features }) {
  const there = self.open(first, name);
  await asked('first');
  isolab.say('null', self.open(second, name, features) === null);
  there.close();
}
