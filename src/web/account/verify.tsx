import { asked, type Problem } from '../api.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { profilePage } from './profile.tsx';
import { accountWords } from './words.ts';

type Channel = 'email' | 'phone';
type Begun = { readonly verificationToken: string };
const channelOf = (visit: Visit): Channel => (visit.form.text('channel') === 'phone' ? 'phone' : 'email');

/** Has a code sent to the address, or to a number that becomes the account's when it comes back. */
export const sendCode = async (visit: Visit): Promise<Response> => {
  const channel = channelOf(visit);
  const json = channel === 'phone' ? { channel, phone: visit.form.text('phone') } : { channel };
  const outcome = await asked(visit.api.auth.verification.$post({ json }, visit.once));
  if (!outcome.ok) return profilePage(visit, outcome.problem);
  return codePage(visit, channel, (outcome.value as unknown as Begun).verificationToken);
};

const codePage = (visit: Visit, channel: Channel, token: string, problem: Problem | null = null): Response => {
  const { verify: words, confirm } = accountWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.title, lead: words[channel], at: 'account', problem },
    <Form visit={visit} action="/account/verify/confirm" class="narrow">
      <input type="hidden" name="channel" value={channel} />
      <input type="hidden" name="verificationToken" value={token} />
      <Field
        {...{ name: 'code', autocomplete: 'one-time-code', inputmode: 'numeric', required: true, maxlength: 10 }}
        label={channel === 'phone' ? words.phoneCode : confirm.code}
        problem={problem}
      />
      <button type="submit">{confirm.button}</button>
    </Form>,
  );
};

/** Confirms the code. */
export const confirmCode = async (visit: Visit): Promise<Response> => {
  const [channel, verificationToken] = [channelOf(visit), visit.form.text('verificationToken')];
  if (verificationToken === '') return visit.go('/account');
  const json = { channel, verificationToken, code: visit.form.text('code').replaceAll(/\D/g, '') };
  const outcome = await asked(visit.api.auth.verification.confirm.$post({ json }));
  return visit.done(outcome, '/account', 'verified', (problem) => codePage(visit, channel, verificationToken, problem));
};
