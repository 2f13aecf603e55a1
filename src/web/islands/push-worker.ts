// The service worker of push: shows a message, and opens what it is about when it is pressed. It sees no pages.
interface Pushed {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
}
interface PushedEvent extends Event {
  readonly data: { json(): Pushed } | null;
  readonly notification: Notification & { readonly data: string | null };
  waitUntil(work: Promise<unknown>): void;
}
interface Worker {
  readonly registration: { showNotification(title: string, options: NotificationOptions): Promise<void> };
  readonly clients: { openWindow(url: string): Promise<unknown> };
  addEventListener(type: string, listener: (event: PushedEvent) => void): void;
}

// The types of pages are not those of workers.
const worker = self as unknown as Worker;

worker.addEventListener('push', (event) => {
  if (event.data === null) return;
  const { id, title, body, link } = event.data.json();
  event.waitUntil(worker.registration.showNotification(title, { body, tag: id, data: link }));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  if (event.notification.data) event.waitUntil(worker.clients.openWindow(event.notification.data));
});

export {};
