// SPDX-License-Identifier: Apache-2.0
#include "integration/block_check.h"

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "base/text.h"
#include "config/error_list.h"
#include "integration/block_routes.h"
#include "integration/block_target.h"
#include "wazuh/block_filter.h"
#include "wazuh/command_line.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::integration {
namespace {

constexpr std::string_view kName = "custom-w2thive";
constexpr unsigned kHighestLevel = 16;  // of a rule

bool is_json(const wazuh::IntegrationBlock& block) {
  return block.alert_format.starts_with("json");
}

// Collects the errors of one block; the findings have no subject yet.
class BlockChecker {
 public:
  BlockChecker(Env& env, const Loaded& loaded, const BlockPlace& place,
               const wazuh::IntegrationBlock& block)
      : env_(env), loaded_(loaded), place_(place), block_(block) {}

  std::vector<Finding> run() {
    file_name();
    if (!is_json(block_)) {
      error("alert_format",
            "<alert_format> is not json: integratord then passes a text, not a JSON alert",
            "write <alert_format>json</alert_format>, without blanks");
    }
    for (const wazuh::FilterRemark& remark : wazuh::BlockFilter(block_).remarks()) {
      add(remark.takes_none ? FindingState::error : FindingState::warning, remark.element,
          remark.message, remark.next);
    }
    command_line();
    return std::move(findings_);
  }

 private:
  void add(FindingState state, std::string_view element, const std::string& message,
           std::string next) {
    findings_.push_back({{},
                         state,
                         printable(place_.ossec_conf, 300) + ":" +
                             std::to_string(block_.line_of(element)) + ": " + message,
                         std::move(next)});
  }
  void error(std::string_view element, const std::string& message, std::string next) {
    add(FindingState::error, element, message, std::move(next));
  }
  void warning(std::string_view element, const std::string& message, std::string next) {
    add(FindingState::warning, element, message, std::move(next));
  }

  // The block's name is the name of the executable. custom-w2thive itself is checked elsewhere.
  void file_name() {
    if (block_.name == kName) return;
    const std::string path = place_.home + "/integrations/" + block_.name;
    if (env_.stat(path).ok()) return;
    error("name", "there is no file " + printable(path, 300) + ": integratord disables the block",
          "write <name>custom-w2thive</name>");
  }

  void command_line() {
    const auto call = wazuh::invocation_of(block_);
    if (!call) {
      error("hook_url", "<api_key> and <hook_url> are too long for integratord's command line",
            "write them into etc/w2thive.json");
      return;
    }
    for (const std::string& remark : call->remarks) {
      if (remark.find("http://") != std::string::npos) {
        warning("hook_url", remark, "write the scheme before the host: https://");
      } else {
        warning("api_key", remark, "remove the blanks in and around <api_key> and <hook_url>");
      }
    }
    if (!block_.api_key.empty() && !trim(block_.api_key.reveal()).starts_with("file:")) {
      warning("api_key",
              "<api_key> holds the key itself: every local user can see it in the process list",
              "write <api_key>file:/var/ossec/etc/thehive.key</api_key>");
    }
    Sources sources;
    sources.home = place_.home;
    sources.config_file = loaded_.config_file;
    sources.hook_url = call->hook_url;
    sources.key = call->key;
    sources.timeout_s = call->timeout_s;
    if (!trim(block_.options).empty()) {
      // Pads the text so that positions in it are those in the file.
      sources.options_json = std::string(block_.line_of("options") - 1, '\n') +
                             std::string(block_.options_column - 1, ' ') + block_.options;
      sources.options_origin = place_.ossec_conf;
    }
    settings(integration::load(env_, sources));
  }

  void settings(const Loaded& own) {
    std::set<std::string> seen;
    for (const Status& known : loaded_.errors) seen.insert(known.message());
    std::vector<Status> fresh;
    for (const Status& wrong : own.errors) {
      if (seen.insert(wrong.message()).second) fresh.push_back(wrong);
    }
    for (const Status& wrong : config::shown_errors(std::move(fresh))) mistake(wrong);
    if (loaded_.errors.empty() && own.errors.empty()) {
      for (const TargetRemark& remark : check_block_target(env_, place_, block_, own)) {
        add(remark.state, remark.element, remark.message, remark.next);
      }
    }
    min_level(own);
  }

  void mistake(const Status& wrong) {
    if (wrong.message().starts_with(place_.ossec_conf)) {
      findings_.push_back({{},
                           FindingState::error,
                           wrong.message(),
                           wrong.hint().empty() ? "socctl config explain lists the keys and "
                                                  "their values"
                                                : wrong.hint()});
      return;
    }
    const std::string_view element = element_of(wrong.message());
    error(element, wrong.message(), wrong.hint().empty() ? cure_of(element) : wrong.hint());
  }

  static std::string_view element_of(std::string_view message) {
    if (message.starts_with("<hook_url>")) return "hook_url";
    if (message.find("key") != std::string_view::npos) return "api_key";
    return "name";
  }

  static std::string cure_of(std::string_view element) {
    if (element == "api_key") {
      return "write <api_key>file:/var/ossec/etc/thehive.key</api_key>, and the key into that file";
    }
    return "correct it; socctl config explain lists the keys and their values";
  }

  void min_level(const Loaded& own) {
    const std::uint32_t level = wazuh::BlockFilter(block_).level();
    const int least = own.settings.mapping.min_level;
    if (least <= 0 || static_cast<std::uint32_t>(least) <= std::max(level, 1U)) return;
    warning("level",
            "min_level " + std::to_string(least) +
                " leaves out lower levels that the block's <level> lets pass",
            "remove min_level: the block's <level> decides");
  }

  Env& env_;
  const Loaded& loaded_;
  const BlockPlace& place_;
  const wazuh::IntegrationBlock& block_;
  std::vector<Finding> findings_;
};

class FileChecker {
 public:
  FileChecker(Env& env, const Loaded& loaded, const BlockPlace& place)
      : env_(env), loaded_(loaded), place_(place) {}

  std::vector<Finding> run() {
    const auto conf = wazuh::read_ossec_conf(env_, place_.ossec_conf);
    if (!conf.ok()) {
      const bool there = place_.must_exist || !lacks_manager(env_, place_);
      findings_.push_back({"integration block", there ? FindingState::error : FindingState::skipped,
                           conf.status().message(),
                           conf.status().hint().empty()
                               ? "correct SOCBRIDGE_WAZUH_HOME or --ossec-conf"
                               : conf.status().hint()});
      return std::move(findings_);
    }
    for (const wazuh::ConfRefusal& refusal : conf->refusals) {
      add("ossec.conf", FindingState::error, refusal.line, refusal.message, refusal.next);
    }
    alerts_json(*conf);
    blocks(*conf);
    return std::move(findings_);
  }

 private:
  void add(std::string subject, FindingState state, std::size_t line, const std::string& message,
           std::string next = {}) {
    findings_.push_back({std::move(subject), state, at(line) + message, std::move(next)});
  }

  std::string at(std::size_t line) const {
    return printable(place_.ossec_conf, 300) + (line > 0 ? ":" + std::to_string(line) : "") + ": ";
  }

  // Why integratord does not use the file's blocks; null if it does.
  static const char* why_unused(const wazuh::OssecConf& conf) {
    if (!conf.refusals.empty()) return "not used, because Wazuh refuses the file";
    if (!conf.jsonout || conf.log_alert_level > kHighestLevel) {
      return "not used, because Wazuh writes no alert to alerts.json";
    }
    return nullptr;
  }

  void alerts_json(const wazuh::OssecConf& conf) {
    if (!conf.jsonout) {
      add("alerts.json", FindingState::error, conf.jsonout_line,
          "<jsonout_output> is off: Wazuh does not write alerts.json, which integratord reads",
          "write <jsonout_output>yes</jsonout_output>");
    }
    if (conf.log_alert_level > kHighestLevel) {
      add("alerts.json", FindingState::error, conf.log_alert_level_line,
          "<log_alert_level> is above 16, the highest level of a rule: Wazuh writes no alert",
          "write 1 to 16");
    }
  }

  void blocks(const wazuh::OssecConf& conf) {
    int number = 0;
    bool damaged = false;
    for (const wazuh::IntegrationBlock& block : conf.blocks) {
      if (!is_ours(block)) {
        damaged = damaged || !is_json(block);
        continue;
      }
      const std::string subject = "integration block " + std::to_string(++number);
      std::vector<Finding> found = BlockChecker(env_, loaded_, place_, block).run();
      check_context(conf, block, damaged, found);
      // The worst comes last, where it is most visible.
      std::stable_sort(found.begin(), found.end(),
                       [](const Finding& a, const Finding& b) { return a.state < b.state; });
      const bool fine = found.empty();
      for (Finding& finding : found) {
        finding.subject = subject;
        findings_.push_back(std::move(finding));
      }
      if (const char* why = why_unused(conf)) {
        findings_.push_back({subject, FindingState::skipped, at(block.line) + why, {}});
      } else if (fine) {
        findings_.push_back({subject, FindingState::ok, "complete", {}});
      }
      damaged = damaged || !is_json(block);
    }
    if (number == 0) no_block(conf);
  }

  // Effects of the rest of the file on a block.
  void check_context(const wazuh::OssecConf& conf, const wazuh::IntegrationBlock& block,
                     bool damaged, std::vector<Finding>& found) const {
    const std::uint32_t level = wazuh::BlockFilter(block).level();
    if (level > 0 && level < conf.log_alert_level) {
      found.push_back({{},
                       FindingState::warning,
                       at(block.line_of("level")) + "<level> " + std::to_string(level) +
                           " is below <log_alert_level> " + std::to_string(conf.log_alert_level) +
                           ": Wazuh writes no alert of the levels between",
                       "to get them, lower <log_alert_level>"});
    }
    if (damaged) {
      found.push_back(
          {{},
           FindingState::warning,
           at(block.line) + "a block before it has no <alert_format>json</alert_format>: "
                            "integratord then passes cut texts to the later blocks too",
           "put the block of custom-w2thive first, or set that format in the other block"});
    }
  }

  void no_block(const wazuh::OssecConf& conf) {
    std::string next = "add one: socctl setup wazuh shows it";
    std::size_t line = 0;
    for (const wazuh::IntegrationBlock& block : conf.blocks) {
      if (ascii_lower(block.name).find("w2thive") == std::string::npos) continue;
      line = block.line_of("name");
      next = "write <name>custom-w2thive</name>, without blanks: this one has \"" +
             printable(block.name, 60) + "\"";
    }
    if (line == 0 && conf.odd_comment_line > 0) {
      next = "Wazuh reads <! in line " + std::to_string(conf.odd_comment_line) +
             " as the start of a comment up to the next -->; remove it";
    }
    add("integration block", FindingState::error, line, "no block named custom-w2thive",
        std::move(next));
  }

  Env& env_;
  const Loaded& loaded_;
  const BlockPlace& place_;
  std::vector<Finding> findings_;
};

// A link whose target cannot be checked counts as existing.
bool is_absent(Env& env, const std::string& path) {
  const int error = env.lstat(path).status().sys_errno();
  return error == ENOENT || error == ENOTDIR;
}

}  // namespace

bool lacks_manager(Env& env, const BlockPlace& place) {
  return is_absent(env, place.ossec_conf) &&
         is_absent(env, place.home + "/integrations/" + std::string(kName));
}

std::vector<Finding> check_blocks(Env& env, const Loaded& loaded, const BlockPlace& place) {
  return FileChecker(env, loaded, place).run();
}

}  // namespace socbridge::integration
