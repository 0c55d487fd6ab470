extension DefaultRule {
  /// Tokens that say by their first letters whose they are.
  static let tokens: [DefaultRule] = forges + registries + chat + payment + models + services

  private static let forges: [DefaultRule] = [
    .tokens(
      "GitHub tokens", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], "[A-Za-z0-9]{36,255}",
      examples: [
        Example("ghp_¬16C7e42F292c6912E7710c838347Ae178B4a", "ghp_<REDACTED>"),
        Example("x=gho_¬16C7e42F292c6912E7710c838347Ae178B4a\n", "x=gho_<REDACTED>\n"),
        Example("\"ghs_¬16C7e42F292c6912E7710c838347Ae178B4a\"", "\"ghs_<REDACTED>\""),
      ],
      leaves: ["ghp_short", "graph_16C7e42F292c6912E7710c838347Ae178B4a"]),
    .tokens(
      "GitHub fine-grained tokens", ["github_pat_"], "[A-Za-z0-9_]{22,255}",
      examples: [
        Example(
          "github_pat_¬11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXY",
          "github_pat_<REDACTED>")
      ],
      leaves: ["github_pat_", "github_pattern_matching"]),
    .tokens(
      "GitLab tokens",
      [
        "glpat-", "gloas-", "gldt-", "glrt-", "glrtr-", "glptt-", "glft-", "glimt-", "glagent-",
        "glcbt-", "glsoat-", "glffct-", "GR1348941",
      ], "[A-Za-z0-9_.-]{20,255}",
      examples: [
        Example("glpat-¬x7Vt9_qYbPzRk2LmN4sW", "glpat-<REDACTED>"),
        Example("GR1348941¬x7Vt9_qYbPzRk2LmN4sW", "GR1348941<REDACTED>"),
      ],
      leaves: ["glpat-example", "glibc-2.36-9"]),
    .tokens(
      "Atlassian and Bitbucket tokens", ["ATATT3xFf", "ATCTT3xFf", "ATBB", "BBDC-"],
      "[A-Za-z0-9_=+/-]{28,400}",
      examples: [
        Example("ATBB¬9kXmQ2vLpR7tYw4ZsH8nJcB3fD6gKe21", "ATBB<REDACTED>")
      ],
      leaves: ["ATBB", "SPATBBIRD"]),
  ]

  private static let registries: [DefaultRule] = [
    .tokens(
      "npm tokens", ["npm_"], "[A-Za-z0-9]{36}",
      examples: [
        Example("npm_¬q9XvR2mLpT7tYw4ZsH8nJcB3fD6gKe21AbCd", "npm_<REDACTED>")
      ],
      leaves: ["npm_config_registry=https://registry.npmjs.org/", "npm_lifecycle_event"]),
    .tokens(
      "PyPI tokens", ["pypi-"], "[A-Za-z0-9_-]{50,1000}",
      examples: [
        Example(
          "pypi-¬AgEIcHlwaS5vcmcCJDU3OTM1MjliLWIyYTYtNDEwOC05NzRkLTM0MjNiNmEwNWIzYgACKlszLCJ",
          "pypi-<REDACTED>")
      ],
      leaves: ["pypi-server 2.0.1", "pypi-attestations-0.0.27-py3-none-any.whl"]),
    .tokens(
      "Docker Hub tokens", ["dckr_pat_", "dckr_oat_"], "[A-Za-z0-9_-]{20,100}",
      examples: [Example("dckr_pat_¬7awgM4jG5SQvxcvmNzhKj8PQjxo", "dckr_pat_<REDACTED>")],
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
      "RubyGems, NuGet and crates.io tokens", ["rubygems_", "oy2", "cio"],
      "(?:(?<=rubygems_)[a-f0-9]{48}|(?<=oy2)[a-z0-9]{43}|(?<=cio)[A-Za-z0-9]{32})(?![A-Za-z0-9])",
      examples: [
        Example("cio¬q9XvR2mLpT7tYw4ZsH8nJcB3fD6gKe21", "cio<REDACTED>")
      ],
      leaves: ["cio", "rubygems_update", "precious"]),
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
      "[A-Za-z0-9%.-]{10,400}",
      examples: [
        Example("xoxb-¬263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1", "xoxb-<REDACTED>"),
        Example("xapp-¬1-A0123456789-1234567890123-0a1b2c3d4e5f", "xapp-<REDACTED>"),
      ],
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
          "https://discord.com/api/webhooks/¬123456789012345678/abcdefghijklmnopqrstuvwxyz",
          "https://discord.com/api/webhooks/<REDACTED>"),
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
      "[A-Za-z0-9]{16,255}",
      examples: [
        Example("sk_live_¬4eC39HqLyjWDarjtT1zdp7dc", "sk_live_<REDACTED>"),
        Example("whsec_¬4eC39HqLyjWDarjtT1zdp7dc", "whsec_<REDACTED>"),
      ],
      leaves: ["sk_live_", "risk_test_coverage"]),
    .tokens(
      "Square and Shopify tokens",
      ["sq0atp-", "sq0csp-", "EAAAE", "shpat_", "shpca_", "shppa_", "shpss_"],
      "[A-Za-z0-9_-]{22,100}",
      examples: [
        Example("shpat_¬0123456789abcdef0123456789abcdef", "shpat_<REDACTED>")
      ],
      leaves: ["shpat_", "eaaae"]),
  ]

  private static let models: [DefaultRule] = [
    .tokens(
      "OpenAI- and Anthropic-style keys",
      ["sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-v1-", "sk-lf-", "sk-None-"],
      "[A-Za-z0-9_-]{20,400}",
      examples: [
        Example("sk-ant-¬api03-AbCdEfGhIjKlMnOpQrStUvWx-yz0123456789AA", "sk-ant-<REDACTED>"),
        Example("sk-proj-¬AbCdEfGhIjKlMnOpQrStUvWxyz0123456789", "sk-proj-<REDACTED>"),
      ],
      leaves: ["sk-proj-", "task-ant-colony-optimisation-of-something"]),
    DefaultRule(
      "API keys that begin with sk-",
      #"(?<![A-Za-z0-9_-])(sk-)[A-Za-z0-9]{32,100}(?![A-Za-z0-9_-])"#,
      at: .words(["sk-"]),
      examples: [
        Example("sk-¬AbCdEfGhIjKlMnOpQrStT3BlbkFJAbCdEfGhIjKlMnOpQrSt", "sk-<REDACTED>")
      ],
      leaves: ["sk-learn", "disk-0123456789abcdef0123456789abcdef"]),
    .tokens(
      "Keys of model providers",
      ["gsk_", "xai-", "pplx-", "r8_", "hf_", "api_org_", "fw_", "csk-"],
      "[A-Za-z0-9]{30,100}(?![A-Za-z0-9_-])",
      examples: [
        Example("hf_¬AbCdEfGhIjKlMnOpQrStUvWxyzAbCdEfGh", "hf_<REDACTED>"),
        Example("gsk_¬AbCdEfGhIjKlMnOpQrStUvWxyzAbCdEfGhIjKlMnOpQrStUvWxyz", "gsk_<REDACTED>"),
      ],
      leaves: ["hf_hub_download", "r8_instruction"]),
  ]

  private static let services: [DefaultRule] = [
    .tokens(
      "Tokens of hosting and monitoring services",
      [
        "dop_v1_", "doo_v1_", "dor_v1_", "HRKU-", "lin_api_", "hvs.", "hvb.", "hvr.", "glsa_",
        "glc_", "sntrys_", "sntryu_", "PMAK-", "dp.pt.", "dp.st.", "pul-", "tskey-", "ops_eyJ",
        "NRAK-", "key-live-", "fo1_", "FlyV1 ", "pscale_tkn_", "pscale_pw_", "sbp_", "figd_",
        "ntn_", "secret_", "dapi", "AKCp", "v1.0-",
      ],
      #"(?:(?<!secret_)(?<!dapi)(?<!AKCp)(?<!v1\.0-)[A-Za-z0-9_.-]{24,600}|(?<=secret_)[A-Za-z0-9]{43}|(?<=dapi)[a-f0-9]{32}|(?<=AKCp)[A-Za-z0-9]{10,100}|(?<=v1\.0-)[a-f0-9]{24}-[a-f0-9]{100,})(?![A-Za-z0-9])"#,
      examples: [
        Example(
          "dop_v1_¬0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          "dop_v1_<REDACTED>"),
        Example("hvs.¬CAESIJlU9JMYEhOPYv4igdhm9PnZDrabYTobQ4Ymnlq1qY", "hvs.<REDACTED>"),
      ],
      leaves: ["hvs.example", "secret_name", "glc_context", "v1.0-beta"]),
    DefaultRule(
      "SendGrid keys", #"(?<![A-Za-z0-9])(SG\.)[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"#,
      at: .words(["SG."]),
      examples: [
        Example(
          "SG.¬ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr",
          "SG.<REDACTED>")
      ],
      leaves: ["SG.example.com", "MSG.text"]),
    DefaultRule(
      "Terraform Cloud tokens", #"(\.atlasv1\.)[A-Za-z0-9_=-]{40,100}"#, at: .words([".atlasv1."]),
      examples: [
        Example(
          "AbCdEfGhIjKlMn.atlasv1.¬AbCdEfGhIjKlMnOpQrStUvWxyz0123456789AbCdEfGhIjKlMnOpQrStUvWxyz01",
          "AbCdEfGhIjKlMn.atlasv1.<REDACTED>")
      ],
      leaves: ["x.atlasv1.y"]),
    DefaultRule(
      "Mailgun keys", #"(?<![A-Za-z0-9-])(key-)[a-f0-9]{32}(?![a-f0-9-])"#, at: .words(["key-"]),
      examples: [Example("key-¬3a06b1c029d36fd54fc373e0c1e02d30", "key-<REDACTED>")],
      leaves: ["key-file", "monkey-0123456789abcdef0123456789abcdef"]),
  ]
}
