//! Room 6, the auditor's room: populations, samples, tests, deviations, inquiries, conclusions, opinion.
