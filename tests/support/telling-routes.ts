import { entered } from './ledger.ts';
import { adminGets, application, everybody, gone, out, plainly, type Row, saying, whoever } from './route-parts.ts';

/** How people are told of things, and how they choose: rows of the route table. */
export const tellingRoutes: readonly Row[] = [
  ['GET /api/v1/users/me/push-subscriptions', plainly, whoever(200)],
  ['POST /api/v1/users/me/push-subscriptions', saying(application), whoever(201)],
  [
    'DELETE /api/v1/users/me/push-subscriptions/:id',
    async (cast) => ({ params: { id: await cast.application() } }),
    [out, 204, gone, gone, gone, gone],
  ],
  // The tests' deployment has no provider of SMS.
  ['POST /api/v1/sms-status/:id', () => ({ params: { id: 'm_unknown' } }), everybody(gone)],

  ['GET /api/v1/users/me/notification-preferences', plainly, [out, 200, 200, 200, 200, 200]],
  [
    'PUT /api/v1/users/me/notification-preferences',
    saying(() => ({
      ...{ locale: 'bn', channels: ['sms', 'email'], reminderMinutes: [1_440, 60] },
      kinds: { cancelled: { email: true, push: false, sms: true, in_app: true } },
      quietHours: { from: '22:00', to: '06:30', timeZone: 'Asia/Dhaka' },
    })),
    // An admin is told of no appointments, and so has no kinds to choose.
    [out, 200, 200, 200, 200, 'not_told_of_this'],
  ],
  ['GET /api/v1/notifications', plainly, [out, 200, 200, 200, 200, 200]],
  ['GET /api/v1/notifications/unread-count', plainly, [out, 200, 200, 200, 200, 200]],
  [
    'POST /api/v1/notifications/:id/read',
    async (cast) => ({ params: { id: await cast.notification() } }),
    [out, 200, gone, gone, gone, gone],
  ],
  [
    'POST /api/v1/notifications/read-all',
    async (cast) => {
      await Promise.all(Object.values(cast.members).map(({ id }) => entered({ recipientId: id })));
      return {};
    },
    [out, 200, 200, 200, 200, 200],
  ],
  ['GET /api/v1/admin/notifications', plainly, adminGets(200)],
  [
    'POST /api/v1/admin/notifications/:id/retry',
    async (cast) => ({ params: { id: await cast.failedNotification() } }),
    adminGets(200),
  ],
];
