# Terraform lets go of what the manifests have now, and destroys nothing. Needs Terraform 1.7 or newer.
#
# 1. Apply the manifests first: then each object says that it is ours.
# 2. Move this file into the root module, and delete the `resource` blocks that it names.
# 3. `terraform plan` must say "0 to destroy", and that these will no longer be managed; then apply.

removed {
  from = genesyscloud_auth_role.reader

  lifecycle {
    destroy = false
  }
}

removed {
  from = genesyscloud_oauth_client.metrics

  lifecycle {
    destroy = false
  }
}

# Some instances of genesyscloud_auth_division.this were converted and others were not, and a `removed` block
# takes no keys. Take the converted ones out of `for_each` or `count`, and before the next plan out of the
# state:
#   terraform state rm 'genesyscloud_auth_division.this["acme"]'
