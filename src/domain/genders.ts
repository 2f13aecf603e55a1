/** What a doctor may say of their gender; the last is also what is meant where nothing was said. */
export const genders = ['female', 'male', 'other', 'undisclosed'] as const;
