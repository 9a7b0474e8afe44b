// As an app has it that knows its provider by name: nothing in it is isolab's but what it says.
const provider = 'https://idp.example/authorize';
const setting = location.pathname.split('/')[1];

addEventListener('message', event => {
  if (event.origin !== location.origin || !event.data.id_token) return;
  const claims = JSON.parse(atob(event.data.id_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
  isolab.say('signed-in', claims.sub);
});

const button = document.querySelector('#sign-in');
button.onclick = () => {
  const request = new URLSearchParams({
    client_id: 'app', response_type: 'id_token', scope: 'openid', state: 's', nonce: 'n',
    redirect_uri: `https://app.example/${setting}/callback`,
  });
  window.open(`${provider}?${request}`);
};
// Whoever clicks before there is anything to click for clicks in vain.
button.disabled = false;
