// Mails hold whatever their sender liked: they are shown as text, or in a frame where nothing runs.
const SHOWN = 200;
const LOOK_EVERY_MS = 2_000;

const element = (id) => document.getElementById(id);
const made = (name, text = '') =>
  Object.assign(document.createElement(name), { textContent: text });
const time = (instant) => new Date(instant).toLocaleString();

let mails = [];
let chosen;
let form = 'html';

const item = (mail) => {
  const button = made('button', mail.subject || '(no subject)');
  const facts = made('small');
  facts.append(made('span', mail.to.join(', ')), made('time', time(mail.receivedAt)));
  button.append(facts);
  button.setAttribute('aria-current', String(mail.id === chosen));
  button.addEventListener('click', () => {
    chosen = mail.id;
    show();
  });
  const li = made('li');
  li.append(button);
  return li;
};

const facts = (mail) =>
  Object.entries({
    From: mail.from,
    To: mail.to.join(', '),
    Received: time(mail.receivedAt),
    'Message-ID': mail.messageId,
  }).flatMap(([name, value]) => [made('dt', name), made('dd', value)]);

const showForm = (mail) => {
  const shown = form === 'html' && mail.html === null ? 'text' : form;
  element('html').srcdoc = mail.html ?? '';
  element('text').textContent = mail.text ?? '(no text)';
  element('headers').textContent = Object.entries(mail.headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  for (const id of ['html', 'text', 'headers']) element(id).hidden = id !== shown;
  for (const button of document.querySelectorAll('[data-shows]'))
    button.setAttribute('aria-pressed', String(button.dataset.shows === shown));
};

const show = () => {
  const mail = mails.find(({ id }) => id === chosen);
  element('count').textContent = mails.length >= SHOWN ? `the newest ${SHOWN}` : `${mails.length}`;
  element('list').replaceChildren(...mails.map(item));
  element('empty').hidden = mails.length > 0;
  element('mail').hidden = mail === undefined;
  if (mail === undefined) return;
  element('subject').textContent = mail.subject || '(no subject)';
  element('facts').replaceChildren(...facts(mail));
  showForm(mail);
};

const look = async () => {
  try {
    const answer = await fetch(`/messages?limit=${SHOWN}`);
    const found = await answer.json();
    const same = found[0]?.id === mails[0]?.id && found.length === mails.length;
    mails = found;
    if (!same) show();
  } catch {
    element('count').textContent = 'the mail catcher does not answer';
  }
  setTimeout(look, LOOK_EVERY_MS);
};

for (const button of document.querySelectorAll('[data-shows]'))
  button.addEventListener('click', () => {
    form = button.dataset.shows;
    show();
  });
element('clear').addEventListener('click', async () => {
  await fetch('/messages', { method: 'DELETE' });
  mails = [];
  show();
});
await look();
