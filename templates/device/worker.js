// Keeps one page for the time without a network, with its styles and scripts. It holds nothing about anybody: it is
// fetched without cookies. No other page is ever kept.
const KEPT = "offline-{{ version }}";
const PAGE = "{{ page }}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
// The pages of parties do without us.
const LEFT_ALONE = [{% for address in left_alone %}"{{ address }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

const fetchForAll = (address) => new Request(address, { credentials: "omit", cache: "reload" });

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll([PAGE, ...FILES].map(fetchForAll))));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
    await clients.claim();
  })());
});

// What is asked goes to the network, always; only where there is none, the kept page answers: to a form that was
// sent, too. The forms keep what was typed on the device.
addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== location.origin || LEFT_ALONE.some((start) => pathname.startsWith(start))) return;
  // A form with a file is sent by the browser itself: some send it empty when it comes through here.
  if (event.request.headers.get("Content-Type")?.startsWith("multipart/")) return;
  const kept = event.request.mode === "navigate" ? PAGE : FILES.find((file) => file === pathname);
  if (kept) event.respondWith(fetch(event.request).catch(() => caches.match(kept)));
});
