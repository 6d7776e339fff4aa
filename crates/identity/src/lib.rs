//! Room 0: people, roles, sign-in, second factors, tokens, invitations.
