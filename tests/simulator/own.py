"""A small seed that says a bit of everything."""

OWN = """
organisation: {id: 11111111-1111-1111-1111-111111111111, name: Own}
settings: {backfillEnabled: true}
divisions: [{name: Home, home: true}, {name: West, id: west}, {name: Gone, deleted: true}]
roles:
  - {name: Viewer, permissions: ["routing:queue:view"], legacyPermissions: [admin]}
  - name: Evaluator
    permissions:
      - routing:queue:search
      - permission: quality:evaluation:view
        condition: {conjunction: AND, terms: [
          {variableName: Conversation.queues, operator: EQ, operands: [{type: QUEUE, queue: Q}]}]}
users:
  - {name: Ada, email: ada@own.example, division: West}
  - {name: Eve, email: eve@own.example, state: inactive, grants: [{role: Viewer, divisions: [Home]}]}
groups:
  - {name: Team, members: [ada@own.example], grants: [{role: Viewer, divisions: [West]}]}
  - {name: Quiet, visibility: owners, owners: [ada@own.example], rolesEnabled: false, type: social,
     state: inactive}
queues: [{name: Q, division: West}]
clients:
  - {name: view-only, id: viewer, secret: see, tokenSeconds: 600,
     usage: [{path: /api/v2/routing/queues, requests: 40}, {path: /api/v2/users, method: GET, daysAgo: 30}],
     grants: [{role: Viewer, divisions: [West, "*"]},
              {role: Evaluator, divisions: [West], through: subjects, grantMadeAt: 2024-05-31}]}
  - {name: old, state: inactive, grantType: CODE, redirectUris: ["https://old.example"], scopes: [routing],
     dateCreated: 2023-01-02T08:00:00+02:00, createdBy: ada@own.example, dateToDelete: 2025-12-20}
audits:
  - {name: later, at: 2025-06-01T10:00:00Z, by: eve@own.example, action: MemberAdd, section: roles,
     entity: Viewer}
  - {name: sooner, at: 2025-05-01, by: ada@own.example, action: Update, section: queues, entity: Q,
     changes: [{property: description, newValues: [busy]}]}
trustees: [{name: Partner, type: group, grants: [{role: Viewer, divisions: [Home, West]}]}]
"""
