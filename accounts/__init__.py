"""The ground floor: people, roles, access, appointments, outbox and audit trail."""
