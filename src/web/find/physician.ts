import type { Doctor } from './doctor.tsx';

/** What search engines may read of a doctor (schema.org, Physician): nothing but what the page shows. Addresses are relative to it. */
export const physician = (doctor: Doctor): object => ({
  '@context': 'https://schema.org',
  '@type': 'Physician',
  name: doctor.fullName,
  url: `/doctors/${doctor.id}`,
  medicalSpecialty: doctor.specialization,
  knowsLanguage: doctor.languages,
  ...(doctor.bio === '' ? {} : { description: doctor.bio }),
  ...(doctor.picture === null ? {} : { image: doctor.picture }),
  ...(doctor.clinics.length === 0
    ? {}
    : {
        location: doctor.clinics.map(({ name, city }) => ({
          '@type': 'MedicalClinic',
          name,
          address: { '@type': 'PostalAddress', addressLocality: city },
        })),
      }),
  ...(doctor.rating === null
    ? {}
    : {
        aggregateRating: {
          '@type': 'AggregateRating',
          ratingValue: doctor.rating,
          bestRating: 5,
          reviewCount: doctor.reviewCount,
        },
      }),
});
