extension DefaultRule {
  /// Tokens that say by their first letters whose they are.
  static let tokens: [DefaultRule] = forges + registries + chat + payment + models + services

  private static let forges: [DefaultRule] = [
    .tokens(
      "GitHub tokens", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
      "(?:[A-Za-z0-9]{36}[A-Za-z0-9_]*+|[0-9]{1,20}_eyJ[A-Za-z0-9_.-]{20,}+)",
      sample: "16C7e42F292c6912E7710c838347Ae178B4a",
      examples: [
        Example("x=gho_¬16C7e42F292c6912E7710c838347Ae178B4a\n", "x=gho_<REDACTED>\n"),
        Example("\"ghs_¬16C7e42F292c6912E7710c838347Ae178B4a\"", "\"ghs_<REDACTED>\""),
        Example(
          "ghs_¬123456_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3",
          "ghs_<REDACTED>"),
      ],
      leaves: [
        "ghp_short", "graph_16C7e42F292c6912E7710c838347Ae178B4a", "ghs_123456_eyJ",
        "commit 16c7e42f292c6912e7710c838347ae178b4a0000",
      ]),
    .tokens(
      "GitHub fine-grained tokens", ["github_pat_"], "[A-Za-z0-9_]{22,}+",
      sample: "11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXY",
      leaves: ["github_pat_", "github_pattern_matching"]),
    .tokens(
      "GitLab tokens",
      [
        "glpat-", "gloas-", "gldt-", "glrt-", "glrtr-", "glptt-", "glft-", "glimt-", "glagent-",
        "glcbt-", "glsoat-", "glffct-", "GR1348941",
      ], "[A-Za-z0-9_.-]{20,}+",
      sample: "x7Vt9_qYbPzRk2LmN4sW",
      leaves: ["glpat-example", "glibc-2.36-9"]),
    .tokens(
      "Atlassian and Bitbucket tokens", ["ATATT3xFf", "ATCTT3xFf", "ATBB", "BBDC-"],
      "[A-Za-z0-9_=+/-]{28,}+",
      sample: "9kXmQ2vLpR7tYw4ZsH8nJcB3fD6gKe21",
      leaves: ["ATBB", "SPATBBIRD"]),
  ]

  private static let registries: [DefaultRule] = [
    .tokens(
      "npm tokens", ["npm_"], "[A-Za-z0-9]{36}[A-Za-z0-9_]*+",
      sample: "q9XvR2mLpT7tYw4ZsH8nJcB3fD6gKe21AbCd",
      leaves: ["npm_config_registry=https://registry.npmjs.org/", "npm_lifecycle_event"]),
    .tokens(
      "PyPI tokens", ["pypi-"], "[A-Za-z0-9_-]{50,}+",
      sample: "AgEIcHlwaS5vcmcCJDU3OTM1MjliLWIyYTYtNDEwOC05NzRkLTM0MjNiNmEwNWIzYgACKlszLCJ",
      leaves: ["pypi-server 2.0.1", "pypi-attestations-0.0.27-py3-none-any.whl"]),
    .tokens(
      "Docker Hub tokens", ["dckr_pat_", "dckr_oat_"], "[A-Za-z0-9_-]{20,}+",
      sample: "7awgM4jG5SQvxcvmNzhKj8PQjxo",
      leaves: ["dckr_pat_", "dckr_path_to_something_or_other"]),
    DefaultRule(
      "Docker registry credentials",
      #"("(?:auth|identitytoken)"\s{0,5}:\s{0,5}")[A-Za-z0-9+/=_.-]{8,}"#,
      at: .words(["\"auth\"", "\"identitytoken\""]),
      examples: [
        Example(
          "{\"auths\": {\"r.io\": {\"auth\": \"bWU6aHVudGVyMg==\"}}}",
          "{\"auths\": {\"r.io\": {\"auth\": \"<REDACTED>\"}}}")
      ],
      leaves: ["{\"auth\": true}", "{\"auth\": {\"kind\": \"none\"}}"]),
    .tokens(
      "RubyGems keys", ["rubygems_"], "[a-f0-9]{48}(?![A-Za-z0-9])",
      sample: "3f2a9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b3f2a9c1d",
      leaves: ["rubygems_update"]),
    .tokens(
      "NuGet keys", ["oy2"], "[a-z0-9]{43}(?![A-Za-z0-9])",
      sample: "q9xvr2mlpt7tyw4zsh8njcb3fd6gke21abcdq9xvr2m", leaves: ["oy2", "boy2men"]),
    .tokens(
      "crates.io tokens", ["cio"], "[A-Za-z0-9]{32}(?![A-Za-z0-9])",
      sample: "q9XvR2mLpT7tYw4ZsH8nJcB3fD6gKe21", leaves: ["cio", "precious"]),
    DefaultRule(
      "npm credentials",
      #"(?<![A-Za-z0-9])((?i:_auth|_password)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?)(?![$<{])(?=[A-Za-z0-9+/]*[0-9=])[A-Za-z0-9+/=]{8,}"#,
      at: .words(["_auth", "_password"]),
      examples: [
        Example("//r.io/:_auth=bWU6aHVudGVyMg==", "//r.io/:_auth=<REDACTED>")
      ],
      leaves: ["use_auth=$X", "_auth: none", "selective_auth=c2VjcmV0Cg=="]),
  ]

  private static let chat: [DefaultRule] = [
    .tokens(
      "Slack tokens",
      [
        "xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxr-", "xoxs-", "xoxe-", "xoxe.", "xoxc-", "xoxd-",
        "xapp-",
      ],
      "[A-Za-z0-9%.-]{10,}+",
      sample: "263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1",
      leaves: ["xoxb-", "foxoxb-1"]),
    DefaultRule(
      "Slack, Discord and Teams webhooks",
      #"(hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/|webhook\.office\.com/webhookb2/)[A-Za-z0-9+/@_-]{20,400}"#,
      at: .words([
        "hooks.slack.com/", "discord.com/api/", "discordapp.com/api/", "webhook.office.com/",
      ]),
      examples: [
        Example(
          "https://hooks.slack.com/services/¬T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
          "https://hooks.slack.com/services/<REDACTED>"),
        Example(
          "https://hooks.slack.com/workflows/¬T00000000/A00000000/123456789012345678/x7Vt9qYbPzRk",
          "https://hooks.slack.com/workflows/<REDACTED>"),
        Example(
          "https://discord.com/api/webhooks/¬123456789012345678/abcdefghijklmnopqrstuvwxyz",
          "https://discord.com/api/webhooks/<REDACTED>"),
        Example(
          "https://o.webhook.office.com/webhookb2/¬f81d4fae-7dec-11d0-a765-00a0c91e6bf6@x7Vt9/y",
          "https://o.webhook.office.com/webhookb2/<REDACTED>"),
      ],
      leaves: ["https://api.slack.com/messaging/webhooks", "https://hooks.slack.com/services/"]),
    DefaultRule(
      "Telegram bot tokens", #"(/bot[0-9]{8,10}:)[A-Za-z0-9_-]{35}"#, at: .words(["/bot"]),
      examples: [
        Example(
          "https://api.telegram.org/bot110201543:¬AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0/getMe",
          "https://api.telegram.org/bot110201543:<REDACTED>/getMe")
      ],
      leaves: ["/bottom/123", "/bot12"]),
  ]

  private static let payment: [DefaultRule] = [
    .tokens(
      "Stripe keys",
      ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk_prod_", "rk_prod_", "whsec_"],
      "[A-Za-z0-9]{16}[A-Za-z0-9_]*+",
      sample: "4eC39HqLyjWDarjtT1zdp7dc",
      leaves: ["sk_live_", "risk_test_coverage", "pk_live_4eC39HqLyjWDarjtT1zdp7dc"]),
    .tokens(
      "Square and Shopify tokens",
      ["sq0atp-", "sq0csp-", "EAAAE", "shpat_", "shpca_", "shppa_", "shpss_"],
      "[A-Za-z0-9_-]{22,}+",
      sample: "0123456789abcdef0123456789abcdef",
      leaves: ["shpat_", "eaaae"]),
  ]

  private static let models: [DefaultRule] = [
    .tokens(
      "OpenAI- and Anthropic-style keys",
      ["sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-v1-", "sk-lf-", "sk-None-"],
      "[A-Za-z0-9_-]{20,}+",
      sample: "api03-AbCdEfGhIjKlMnOpQrStUvWx-yz0123456789AA",
      leaves: ["sk-proj-", "task-ant-colony-optimisation-of-something"]),
    DefaultRule(
      "API keys that begin with sk-",
      #"(?<![A-Za-z0-9_-])(sk-)[A-Za-z0-9]{32,100}(?![A-Za-z0-9_-])"#,
      at: .words(["sk-"]),
      examples: [
        Example("sk-¬AbCdEfGhIjKlMnOpQrStT3BlbkFJAbCdEfGhIjKlMnOpQrSt", "sk-<REDACTED>")
      ],
      leaves: ["sk-learn", "disk-0123456789abcdef0123456789abcdef"], isToken: true),
    .tokens(
      "Hugging Face tokens", ["hf_", "api_org_"], "[A-Za-z0-9]{30,100}(?![A-Za-z0-9_-])",
      sample: "AbCdEfGhIjKlMnOpQrStUvWxyzAbCdEfGh", leaves: ["hf_hub_download", "api_org_id"]),
    .tokens(
      "Keys of model providers", ["gsk_", "xai-", "pplx-", "r8_", "fw_", "csk-"],
      "[A-Za-z0-9]{30,100}(?![A-Za-z0-9_-])",
      sample: "AbCdEfGhIjKlMnOpQrStUvWxyzAbCdEfGhIjKlMnOpQrStUvWxyz",
      leaves: ["r8_instruction", "fw_update"]),
  ]

  private static let services: [DefaultRule] = [
    .tokens(
      "Tokens of hosting and monitoring services",
      [
        "dop_v1_", "doo_v1_", "dor_v1_", "HRKU-", "lin_api_", "hvs.", "hvb.", "hvr.", "glsa_",
        "glc_", "sntrys_", "sntryu_", "PMAK-", "dp.pt.", "dp.st.", "pul-", "tskey-", "ops_eyJ",
        "NRAK-", "key-live-", "fo1_", "FlyV1 ", "pscale_tkn_", "pscale_pw_", "sbp_", "figd_",
        "ntn_",
      ],
      "[A-Za-z0-9_.-]{24,600}(?![A-Za-z0-9])",
      sample: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      leaves: ["hvs.example", "glc_context"]),
    .tokens(
      "Notion tokens", ["secret_"], "[A-Za-z0-9]{43}(?![A-Za-z0-9])",
      sample: "AbCdEfGhIjKlMnOpQrStUvWxyz0123456789AbCdEfG", leaves: ["secret_name"]),
    .tokens(
      "Databricks tokens", ["dapi"], "[a-f0-9]{32}(?![A-Za-z0-9])",
      sample: "0123456789abcdef0123456789abcdef", leaves: ["dapi", "dapifile"]),
    .tokens(
      "Artifactory keys", ["AKCp"], "[A-Za-z0-9]{10,100}(?![A-Za-z0-9])",
      sample: "8budTFpbypBqQbGJPp7eHFi28fBivfWczrjbPb9erDff", leaves: ["AKCp"]),
    .tokens(
      "Cloudflare origin keys", ["v1.0-"], "[a-f0-9]{24}-[a-f0-9]{100,}(?![A-Za-z0-9])",
      sample: "0123456789abcdef01234567-" + String(repeating: "0123456789abcdef", count: 8),
      leaves: ["v1.0-beta", "v1.0-0123456789abcdef01234567"]),
    DefaultRule(
      "SendGrid keys", #"(?<![A-Za-z0-9])(SG\.)[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"#,
      at: .words(["SG."]),
      examples: [
        Example(
          "SG.¬ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr",
          "SG.<REDACTED>")
      ],
      leaves: ["SG.example.com", "MSG.text"], isToken: true),
    DefaultRule(
      "Terraform Cloud tokens", #"(\.atlasv1\.)[A-Za-z0-9_=-]{40,100}"#, at: .words([".atlasv1."]),
      examples: [
        Example(
          "AbCdEfGhIjKlMn.atlasv1.¬AbCdEfGhIjKlMnOpQrStUvWxyz0123456789AbCdEfGhIjKlMnOpQrStUvWxyz01",
          "AbCdEfGhIjKlMn.atlasv1.<REDACTED>")
      ],
      leaves: ["x.atlasv1.y"]),
    DefaultRule(
      "Mailgun keys", #"(?<![A-Za-z0-9-])(key-)[a-f0-9]{32}(?![a-f0-9-])[A-Za-z0-9-]*+"#,
      at: .words(["key-"]),
      examples: [Example("key-¬3a06b1c029d36fd54fc373e0c1e02d30", "key-<REDACTED>")],
      leaves: ["key-file", "monkey-0123456789abcdef0123456789abcdef"]),
  ]
}
