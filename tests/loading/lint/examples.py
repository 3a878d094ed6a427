"""Wrong recipes as people write them, and what is right and looks like them.

`⟦name⟧` marks a place where a finding is expected; the rule stands beside the file. The text is judged
without the marks. A myth has an example in every medium it appears in; every near miss stays silent.
"""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """A file, and the slug of the rule that its marks are of."""

    slug: str
    file: str
    text: str


FIELD, ROLE, SCOPE = "division-ids-on-client", "role-ids-on-client", "scope-on-client"
INVENTED, HEADER, TOKEN = "invented-client-field", "context-header", "token-parameter"
SDK, PATH, WORD, FILTER = "sdk-option", "invented-endpoint", "read-write-scope", "filter-is-no-boundary"
WHOLE = "authoritative-roles"

BODIES = [
    Example(
        FIELD,
        "client.json",
        """{
  "name": "acme-metrics",
  "authorizedGrantType": "CLIENT-CREDENTIALS",
  "⟦divisionIds⟧": ["ACME-US"]
}
""",
    ),
    Example(
        FIELD,
        "client.yaml",
        """name: acme-metrics
authorizedGrantType: CLIENT-CREDENTIALS
⟦divisions⟧:
  - {id: 6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01, name: ACME-US}
""",
    ),
    Example(
        FIELD,
        "create.py",
        """import requests
body = {"name": "acme", "⟦divisions⟧": [{"id": division, "name": "ACME"}]}
requests.post(f"{API}/api/v2/oauth/clients", json=body, headers=auth)
""",
    ),
    Example(
        FIELD,
        "sdk.py",
        """import PureCloudPlatformClientV2 as gc
client = gc.OAuthClientRequest()
client.name = "acme-metrics"
client.⟦division_ids⟧ = [division.id]
""",
    ),
    Example(FIELD, "later.py", 'body = {"authorizedGrantType": grant}\nbody["⟦division⟧"] = {"id": acme}\n'),
    Example(
        FIELD,
        "create.ts",
        """const created = await fetch(`${api}/api/v2/oauth/clients`, {
  method: 'POST',
  body: JSON.stringify({ name: 'acme', ⟦divisions⟧: ['ACME-US'] }),
})
""",
    ),
    Example(FIELD, "sdk.js", "await oauthApi.postOauthClients({ name: 'acme', ⟦divisionIds⟧: [acme] });\n"),
    Example(
        FIELD,
        "Create.java",
        """OAuthClientRequest body = new OAuthClientRequest();
body.setName("acme");
body.⟦setDivisionIds⟧(List.of(acme));
""".replace("⟦setDivisionIds⟧", "set⟦DivisionIds⟧"),
    ),
    Example(
        FIELD,
        "Chain.java",
        'var body = new OAuthClientRequest()\n    .name("acme")\n    .⟦divisions⟧(List.of(acme));\n',
    ),
    Example(
        FIELD,
        "Create.cs",
        """var request = new OAuthClientRequest
{
    Name = "acme",
    ⟦DivisionIds⟧ = new List<string> { acme },
};
""",
    ),
    Example(
        FIELD,
        "create.go",
        """body := platformclientv2.Oauthclientrequest{
	Name:        &name,
	⟦DivisionIds⟧: &divisions,
}
""",
    ),
    Example(
        FIELD,
        "create.sh",
        """curl -X PUT "https://api.mypurecloud.com/api/v2/oauth/clients/$ID" \\
  -H "Authorization: Bearer $TOKEN" \\
  -d '{"name": "acme", "⟦divisionIds⟧": ["'$DIVISION'"]}'
""",
    ),
    Example(
        FIELD,
        "ci.yml",
        """jobs:
  create:
    steps:
      - run: |
          curl -X POST $API/api/v2/oauth/clients -d "{\\"name\\": \\"acme\\", \\"⟦divisionIds⟧\\": []}"
""",
    ),
    Example(
        FIELD,
        "create.http",
        """POST https://api.mypurecloud.de/api/v2/oauth/clients
Authorization: Bearer {{token}}

{"name": "acme", "⟦divisions⟧": ["ACME"]}
""",
    ),
    Example(
        FIELD,
        "n8n.json",
        """{"nodes": [{"parameters": {
  "url": "https://api.mypurecloud.com/api/v2/oauth/clients",
  "jsonBody": "={ \\"name\\": \\"acme\\", \\"⟦allowedDivisions⟧\\": [\\"ACME\\"] }"}}]}
""",
    ),
    Example(
        FIELD,
        "tenant.yaml",
        """apiVersion: reconciler/v1
kind: Tenant
metadata: {name: acme}
spec:
  clients:
    - key: metrics
      ⟦divisionIds⟧: [ACME-US]
""",
    ),
    *(
        Example(
            slug,
            f"{field}.yaml",
            "apiVersion: reconciler/v1\nkind: Tenant\nmetadata: {name: acme}\nspec:\n"
            f"  clients: [{{key: metrics, ⟦{field}⟧: x}}]\n",
        )
        for slug, field in ((ROLE, "roleIds"), (SCOPE, "scope"), (HEADER, "X-Division"))
    ),
    Example(ROLE, "client.json", '{"authorizedGrantType": "CLIENT-CREDENTIALS", "⟦roleIds⟧": ["Reader"]}\n'),
    Example(
        ROLE,
        "pairs.py",
        """body = {
    "authorizedGrantType": "CLIENT-CREDENTIALS",
    "roleDivisions": [{"⟦roleId⟧": reader}, {"roleId": reader, "divisionId": acme}],
}
""",
    ),
    Example(
        SCOPE,
        "client.json",
        '{"authorizedGrantType": "CLIENT-CREDENTIALS", "⟦scope⟧": ["routing:readonly"]}\n',
    ),
    Example(
        INVENTED,
        "client.json",
        '{"accessTokenValiditySeconds": 3600, "⟦clientType⟧": "service", "⟦grants⟧": ["queues"]}\n',
    ),
]

TERRAFORM = [
    Example(
        FIELD,
        "main.tf",
        """resource "genesyscloud_oauth_client" "acme" {
  name                  = "acme"
  authorized_grant_type = "CLIENT-CREDENTIALS"
  ⟦division_id⟧           = genesyscloud_auth_division.acme.id
  ⟦divisions⟧             = ["ACME-US"]
}
""",
    ),
    Example(
        FIELD,
        "block.tf",
        """resource "genesyscloud_oauth_client" "acme" {
  ⟦division⟧ {
    id = genesyscloud_auth_division.acme.id
  }
}
""",
    ),
    Example(
        FIELD,
        "main.tf.json",
        '{"resource": {"genesyscloud_oauth_client": {"acme": {"⟦division⟧": "ACME"}}}}\n',
    ),
    Example(
        ROLE,
        "roles.tf",
        """resource "genesyscloud_oauth_client" "acme" {
  name = "acme"
  ⟦roles⟧ {
    role_id = genesyscloud_auth_role.reader.id
  }
}
""",
    ),
    Example(
        ROLE, "ids.tf", 'resource "genesyscloud_oauth_client" "acme" {\n  ⟦role_ids⟧ = [local.reader]\n}\n'
    ),
    Example(
        SCOPE,
        "scopes.tf",
        """resource "genesyscloud_oauth_client" "acme" {
  authorized_grant_type = "CLIENT-CREDENTIALS"
  ⟦scopes⟧ = ["routing"]
}
""",
    ),
    Example(SCOPE, "scope.tf", 'resource "genesyscloud_oauth_client" "acme" {\n  ⟦scope⟧ = "routing"\n}\n'),
    Example(
        INVENTED,
        "grants.tf",
        'resource "genesyscloud_oauth_client" "acme" {\n  ⟦grants⟧ = [local.reader]\n}\n',
    ),
    Example(
        INVENTED,
        "type.tf",
        'resource "genesyscloud_oauth_client" "acme" {\n  ⟦type⟧ = "CLIENT-CREDENTIALS"\n}\n',
    ),
]

REQUESTS = [
    Example(HEADER, "call.py", '# Genesys Cloud\nget(url, headers={"⟦X-Genesys-Auth-Division-Id⟧": acme})\n'),
    Example(HEADER, "call.js", "const genesys = axios.create({ headers: { '⟦x-gcc-divisions⟧': ids } });\n"),
    Example(HEADER, "call.sh", 'curl -H "⟦X-Division⟧: $ACME" https://api.mypurecloud.com/api/v2/users\n'),
    Example(HEADER, "call.http", "GET https://api.mypurecloud.com/api/v2/users\n⟦x-gc-division-id⟧: 1\n"),
    Example(
        HEADER,
        "n8n.json",
        '{"url": "https://api.mypurecloud.com", "h": [{"name": "⟦X-GC-Division-Context⟧", "value": "1"}]}\n',
    ),
    Example(HEADER, "Call.cs", '// Genesys\nrequest.Headers.Add("⟦X-Genesys-Application-Id⟧", app);\n'),
    Example(HEADER, "variant.go", 'req.Header.Set("⟦X-GC-Division-Scope⟧", acme) // genesys\n'),
    Example(
        TOKEN,
        "token.py",
        """requests.post("https://login.mypurecloud.com/oauth/token", auth=pair,
    data={"grant_type": "client_credentials", "⟦division_id⟧": acme, "⟦scope⟧": "acme"})
""",
    ),
    Example(
        TOKEN,
        "token.sh",
        """curl -u "$ID:$SECRET" https://login.mypurecloud.com/oauth/token \\
  -d grant_type=client_credentials \\
  --data-urlencode "⟦division.id⟧=$ACME"
""",
    ),
    Example(
        TOKEN,
        "long.sh",
        "export A=b\n" * 200
        + "curl https://login.mypurecloud.com/oauth/token -d grant_type=client_credentials -d ⟦scope⟧=acme\n"
        + "export A=b\n" * 200,
    ),
    Example(
        TOKEN,
        "token.http",
        """POST https://login.mypurecloud.com/oauth/token
Content-Type: application/x-www-form-urlencoded

grant_type=client_credentials&⟦division_id⟧=1
""",
    ),
    Example(
        TOKEN,
        "token.ts",
        """const login = 'https://login.mypurecloud.com/oauth/token';
const form = new URLSearchParams({ grant_type: 'client_credentials', ⟦divisions⟧: acme });
""",
    ),
    Example(
        TOKEN,
        "n8n.json",
        """{"url": "https://login.mypurecloud.com/oauth/token", "bodyParameters": {"parameters": [
  {"name": "grant_type", "value": "client_credentials"}, {"name": "⟦division_id⟧", "value": "1"}]}}
""",
    ),
    Example(
        SDK,
        "options.js",
        """const platformClient = require('purecloud-platform-client-v2');
const client = new platformClient.ApiClient({ environment, ⟦divisions⟧: ['ACME-US'] });
client.loginClientCredentialsGrant(id, secret, { ⟦divisionId⟧: acme });
""",
    ),
    Example(SDK, "default.py", "import PureCloudPlatformClientV2\napi_client.⟦set_default_division⟧(acme)\n"),
    Example(SDK, "Default.java", "import com.mypurecloud.sdk.v2.*;\nclient.⟦setDefaultDivision⟧(acme);\n"),
    Example(SDK, "embed.ts", "// genesys\nconst app = new ⟦EmbeddableClientApp⟧({ clientId });\n"),
    Example(
        SDK,
        "Model.cs",
        "using PureCloudPlatform.Client.V2;\nawait api.⟦PostOauthTokenAsync⟧(new ⟦OAuthClientCreate⟧());\n",
    ),
    Example(PATH, "verify.py", 'get(f"{api}⟦/api/v2/oauth/token/verify⟧")  # genesys\n'),
    Example(PATH, "token.go", 'url := "https://api.mypurecloud.com⟦/api/v2/oauth/token⟧"\n'),
    Example(PATH, "wfm.py", 'genesys.get("⟦/api/v2/wfm⟧/schedules")\n'),
    Example(PATH, "call.http", "GET https://api.mypurecloud.com⟦/api/v2/authorization/clients⟧\n"),
    Example(PATH, "users.js", "await genesys.get('⟦/api/v2/routing/users⟧')\n"),
    Example(PATH, "calls.kt", 'post("https://api.mypurecloud.com⟦/api/v2/analytics/interactions/query⟧")\n'),
    Example(WORD, "scopes.js", "const scopes = ['⟦routing:queue:read⟧', '⟦analytics:read⟧']; // genesys\n"),
    Example(WORD, "role.tf", '# x\npermissions = ["⟦oauth:client:write⟧"]\nprovider "genesyscloud" {}\n'),
    Example(WORD, "scope.yaml", "vendor: genesys\nscopes:\n  - ⟦division:read⟧\n"),
    Example(
        FILTER, "list.sh", 'curl "https://api.mypurecloud.com/api/v2/routing/queues?⟦divisionId⟧=$ACME"\n'
    ),
    Example(FILTER, "list.py", 'genesys.get("/api/v2/routing/queues", params={"⟦divisionId⟧": acme})\n'),
    Example(
        FILTER, "sdk.py", "import PureCloudPlatformClientV2\napi.get_routing_queues(⟦division_id⟧=[acme])\n"
    ),
    Example(
        WHOLE,
        "people.tf",
        """resource "⟦genesyscloud_user_roles⟧" "dana" {
  user_id = genesyscloud_user.dana.id
}
resource "⟦genesyscloud_group_roles⟧" "wfm" {}
""",
    ),
    Example(
        WHOLE, "people.tf.json", '{"resource": {"⟦genesyscloud_user_roles⟧": {"dana": {"user_id": "x"}}}}\n'
    ),
    Example(FILTER, "sdk.ts", "const genesys = await api.getRoutingQueues({ ⟦divisionId⟧: [acme] });\n"),
]

EXAMPLES = BODIES + TERRAFORM + REQUESTS

NEAR_MISSES = {
    "a-state-is-no-code.json": '{"type": "genesyscloud_user_roles", "name": "dana"}',
    "a-block-that-lets-go.tf": "removed {\n  from = genesyscloud_user_roles.dana\n}\n",
    "roleDivisions-is-right.json": '{"authorizedGrantType": "CLIENT-CREDENTIALS", '
    '"roleDivisions": [{"roleId": "r", "divisionId": "d"}]}',
    "roles-block-is-right.tf": """resource "genesyscloud_oauth_client" "acme" {
  name                  = "acme"
  authorized_grant_type = "CLIENT-CREDENTIALS"
  roles {
    role_id     = genesyscloud_auth_role.reader.id
    division_id = genesyscloud_auth_division.acme.id
  }
}
""",
    "a-dynamic-block.tf": """resource "genesyscloud_oauth_client" "acme" {
  dynamic "roles" {
    for_each = var.divisions
    content {
      role_id     = var.role
      division_id = roles.value
    }
  }
}
""",
    "scopes-of-a-code-client.tf": """resource "genesyscloud_oauth_client" "desk" {
  authorized_grant_type = "CODE"
  scopes = ["routing:readonly"]
}
""",
    "scope-of-a-code-client.json": '{"authorizedGrantType": "CODE", "scope": ["routing:readonly"]}',
    "no-scope.json": '{"authorizedGrantType": "CLIENT-CREDENTIALS", "scope": []}',
    "a-queue-has-a-division.json": '{"name": "Sales", "divisionId": "d", "roleDivisions": null}'.replace(
        ', "roleDivisions": null', ""
    ),
    "a-queue-in-terraform.tf": 'resource "genesyscloud_routing_queue" "q" {\n  division_id = local.acme\n}\n',
    "subjects-of-a-role.py": 'api.post("/api/v2/authorization/roles/" + role, '
    'json={"subjectIds": [client], "divisionIds": [acme]})\n',
    "a-list-of-clients-then-a-queue.js": """const clients = await get('/api/v2/oauth/clients');
const queue = { name: 'Sales', divisionId: acme };
await post('/api/v2/routing/queues', queue);
""",
    "own-settings.json": '{"clientId": "x", "divisionIds": ["a"], "region": "mypurecloud.com"}',
    "somebody-elses-header.py": 'requests.get(url, headers={"X-Division": "sales"})\n',
    "a-longer-header.py": 'genesys.get(url, headers={"X-Divisions-Total": "1", "My-X-Division": "2"})\n',
    "somebody-elses-token.py": 'post(auth0, data={"grant_type": "client_credentials", "scope": "api"})\n',
    "somebody-elses-client.py": """oauth_client = x
get(url, headers={"X-Division": "a"})
post(url, data={"grant_type": "client_credentials", "scope": "api"})
""",
    "a-token-and-something-else.sh": """curl -d grant_type=client_credentials https://login.mypurecloud.com/oauth/token

curl -d scope=all -d division=sales https://somewhere.example/report
""",
    "a-token.sh": "curl -u a:b -d grant_type=client_credentials https://login.mypurecloud.com/oauth/token\n",
    "another-grant-type.py": 'genesys.post(url, data={"grant_type": "authorization_code", "scope": "x"})\n',
    "tokens-path.py": 'genesys.get("/api/v2/tokens/me"); genesys.get("/api/v2/oauth/clients")\n',
    "paths-that-go-on.py": 'genesys.get("/api/v2/wfmx"); genesys.get("/authorization/clients-x")\n',
    "right-words.py": 'genesys = ["routing:queue:view", "routing:readonly", "webchat:deployment:read"]\n',
    "somebody-elses-scopes.js": "const github = ['repo:read', 'user:write:all', 'contents: read'];\n",
    "a-word-in-a-longer-one.py": 'genesys = "my-routing:queue:read-only"\n',
    "not-a-method.py": "genesys.resetDefaultDivisions(1)\n",
    "a-comment.py": "# genesys: body = {'authorizedGrantType': x, 'divisionIds': y}\n",
    "a-comment.ts": "// genesys: setDefaultDivision(x)\n/* X-Division */\n * X-Division\n",
    "another-chain.java": """OAuthClientRequest r = new OAuthClientRequest().name("x")
    .roleDivisions(List.of(new RoleDivision().roleId(a).divisionId(b)));
Queue queue = new Queue(); queue.setDivision(b);
""",
    "a-bracket-in-a-comment.tf": """resource "genesyscloud_oauth_client" "acme" {
  roles {
    role_id = local.reader  # one of }
    division_id = local.acme
  }
}
""",
    "own-functions.ts": """import platformClient from 'purecloud-platform-client-v2';
createClientFor({ divisions: ['ACME'] });
const tenant: Tenant = { divisions: ['ACME'], clientId };
""",
    "a-signature.py": "def create(name, authorizedGrantType='CODE', divisions=()):\n    genesys()\n",
    "a-comparison.py": "genesys = body == divisionIds\nif client.divisions == []: pass\n",
    "a-manifest.yaml": """apiVersion: reconciler/v1
kind: Tenant
metadata: {name: acme}
spec:
  divisions: [{key: us, name: ACME-US}]
  roles: [{key: reader, name: Reader, permissions: [routing:queue:view]}]
  clients: [{key: metrics, grants: [{role: reader, divisions: [us]}], secret: {sink: local}}]
""",
    "a-definition.json": '{"properties": {"roleDivisions": {"type": "array"}, "roleIds": {"type": "array"}}}',
    "an-unrelated-file.yaml": "divisions: [a]\nscope: x\nheaders: {X-Division: 1}\nroles: [admin]\n",
}
