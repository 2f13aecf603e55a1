import type { Child } from 'hono/jsx';
import type { Problem } from './api.ts';
import { Form } from './components/form.tsx';
import { formPage } from './form-page.tsx';
import type { NavigationKey } from './navigation.ts';
import type { Visit } from './visit.tsx';

/** A page that asks once more before something is done that cannot be taken back. */
export const surePage = (
  visit: Visit,
  {
    act,
    kind = 'danger',
    action,
    back,
    leave = visit.words.cancel,
    children,
    ...page
  }: {
    readonly title: string;
    readonly lead: string;
    /** What the button says. */
    readonly act: string;
    /** How its button looks. */
    readonly kind?: 'main' | 'danger';
    /** Where its form goes. */
    readonly action: string;
    /** Where it leads who thinks better of it. */
    readonly back: string;
    /** What that says, where “Cancel” could be taken for cancelling an appointment. */
    readonly leave?: string;
    readonly at: NavigationKey;
    readonly problem?: Problem | null;
    readonly children?: Child;
  },
): Response =>
  formPage(
    visit,
    page,
    <Form visit={visit} action={action} class="narrow">
      {children}
      <div class="actions">
        <button type="submit" class={kind}>
          {act}
        </button>
        <a class="button plain" href={back}>
          {leave}
        </a>
      </div>
    </Form>,
  );
