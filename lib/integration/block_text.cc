// SPDX-License-Identifier: Apache-2.0
#include "integration/block_text.h"

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::integration {
namespace {

constexpr wazuh::Version kOptions{4, 7};
constexpr wazuh::Version kTimeout{4, 8};
constexpr const char* kOwnName = "custom-w2thive";
constexpr int kTimeoutSeconds = 5;

bool is_plain(std::string_view value) {
  for (const char c : value) {
    if (c == '<' || c == '>' || c == '&' || static_cast<unsigned char>(c) <= ' ' || c == '\x7f') {
      return false;
    }
  }
  return true;
}

Status not_plain(const char* what) {
  return Status::error(ExitCode::usage,
                       std::string("the ") + what +
                           " holds a blank, <, > or &, which Wazuh's parser does not preserve",
                       "write it into etc/w2thive.json");
}

std::string element(const char* name, const std::string& value) {
  return std::string("    <") + name + ">" + value + "</" + name + ">\n";
}

Status refused(const std::string& path, const wazuh::ConfRefusal& refusal) {
  return Status::error(ExitCode::usage,
                       printable(path, 300) + ":" + std::to_string(refusal.line) +
                           ": Wazuh refuses this file: " + refusal.message,
                       refusal.next);
}

}  // namespace

Result<std::string> block_text(const BlockRequest& request,
                               const std::optional<wazuh::Version>& version) {
  if (!is_plain(request.hook_url)) return not_plain("URL");
  if (!is_plain(request.api_key)) return not_plain("path of the key file");
  std::string out = "<ossec_config>\n  <integration>\n" + element("name", kOwnName);
  if (!request.hook_url.empty()) out += element("hook_url", request.hook_url);
  if (!request.api_key.empty()) out += element("api_key", request.api_key);
  out += element("level", std::to_string(request.level)) + element("alert_format", "json");
  if (!request.organisation.empty()) {
    if (!version || *version < kOptions) {
      return Status::error(ExitCode::usage,
                           "an integration block has <options> only since Wazuh 4.7",
                           "write \"organisation\" into etc/w2thive.json");
    }
    json::Writer w;
    w.begin_object();
    w.member("organisation", request.organisation);
    w.end_object();
    const std::string options = std::move(w).take();
    if (options.find_first_of("<>&") != std::string::npos) return not_plain("organisation");
    out += element("options", options);
  }
  if (version && !(*version < kTimeout)) out += element("timeout", std::to_string(kTimeoutSeconds));
  return out + "  </integration>\n</ossec_config>\n";
}

bool is_own_block(const wazuh::IntegrationBlock& block) {
  return ascii_lower(block.name).find(kOwnName) != std::string::npos;
}

Result<std::string> with_block(std::string_view text, std::string_view block,
                               const std::string& path) {
  const auto before = wazuh::parse_ossec_conf(text, path);
  if (!before.ok()) return before.status();
  if (!before->refusals.empty()) return refused(path, before->refusals.front());
  for (const wazuh::IntegrationBlock& there : before->blocks) {
    if (!is_own_block(there)) continue;
    return Status::error(ExitCode::usage, printable(path, 300) + ":" + std::to_string(there.line) +
                                              ": there is a block " + printable(there.name, 60) +
                                              " already");
  }
  std::string out(text);
  if (!out.empty() && out.back() != '\n') out += '\n';
  out += block;
  const auto after = wazuh::parse_ossec_conf(out, path);
  if (after.ok() && after->refusals.empty() && after->blocks.size() == before->blocks.size() + 1 &&
      after->blocks.back().name == kOwnName && after->log_alert_level == before->log_alert_level &&
      after->jsonout == before->jsonout) {
    return out;
  }
  return Status::error(ExitCode::usage,
                       "Wazuh would not read a block at the end of " + printable(path, 300),
                       "put the block into an <ossec_config> manually, then run socctl config "
                       "check");
}

}  // namespace socbridge::integration
