// Elements made of data. Text only ever becomes text: nothing here reads markup.

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

// Scenarios and results come from anywhere: only the web may be linked to.
function linkTo({ text, href }) {
  let scheme = '';
  try {
    scheme = new URL(href).protocol;
  } catch {
    // Not an address: it stays text.
  }
  if (scheme !== 'https:' && scheme !== 'http:') return element('span', {}, text);
  return element('a', { href, rel: 'noreferrer' }, text);
}

function unseen(text) {
  return element('span', { class: 'unseen' }, text);
}

function button(text, attributes, act) {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}

// The page may lie on a disk, where browsers have no clipboard for it.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element('textarea', { class: 'unseen', readonly: true });
    area.value = text;
    (document.querySelector('dialog[open]') || document.body).append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}

function copyButton(what, text) {
  const said = element('span', { role: 'status', class: 'said' });
  const made = button(`Copy ${what}`, { class: 'copy' }, async () => {
    said.textContent = (await copyText(text)) ? 'copied' : 'could not be copied';
    made.focus();
  });
  return element('span', { class: 'copying' }, made, ' ', said);
}
