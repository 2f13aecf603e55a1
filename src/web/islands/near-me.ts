// Looks for doctors near the reader. To two decimals, about a kilometre: where exactly somebody is has no place in an
// address.
const patienceMs = 15_000;
const box = document.querySelector<HTMLElement>('[data-near]');
const button = box?.querySelector('button');
const hint = box?.querySelector('[role="status"]');

if (box && button && hint && 'geolocation' in navigator) {
  box.hidden = false;
  button.addEventListener('click', () => {
    button.setAttribute('aria-disabled', 'true');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const address = new URL(location.href);
        for (const name of ['cursor', 'sort', 'locationId', 'place', 'done']) address.searchParams.delete(name);
        address.searchParams.set('near', `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`);
        location.assign(address.href);
      },
      () => {
        button.removeAttribute('aria-disabled');
        hint.textContent = box.dataset.refused ?? '';
      },
      { maximumAge: 600_000, timeout: patienceMs },
    );
  });
}
