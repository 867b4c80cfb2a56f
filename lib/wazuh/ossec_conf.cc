// SPDX-License-Identifier: Apache-2.0
#include "wazuh/ossec_conf.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/text.h"
#include "wazuh/os_xml.h"

namespace socbridge::wazuh {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

// Sections of <ossec_config> that every program of Wazuh 4.14 knows. Those of the first list must
// not be empty (src/config/config.c).
constexpr std::array kFilledSections = {
    "global",    "email_alerts",   "database_output", "syslog_output",   "integration",
    "agentless", "ruleset",        "alerts",          "localfile",       "remote",
    "client",    "anti_tampering", "command",         "active-response", "reports",
    "labels",    "cluster",        "socket",          "rule_test",       "agent-upgrade",
    "wdb",       "task-manager",   "github",          "office365",       "ms-graph"};
constexpr std::array kOtherSections = {"syscheck",
                                       "rootcheck",
                                       "client_buffer",
                                       "wodle",
                                       "sca",
                                       "vulnerability-detection",
                                       "vulnerability-detector",
                                       "indexer",
                                       "gcp-pubsub",
                                       "gcp-bucket",
                                       "fluent-forward",
                                       "auth",
                                       "logging"};
constexpr std::array kBlockElements = {"name",    "hook_url", "api_key",        "level",
                                       "rule_id", "group",    "event_location", "alert_format",
                                       "max_log", "options",  "timeout",        "retries"};

template <std::size_t N>
bool is_in(std::string_view name, const std::array<const char*, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

int number(const std::string& text) {
  constexpr std::uint32_t kMost = 3600;
  return static_cast<int>(std::min(atoi_of_digits(text), kMost));
}

class Reader {
 public:
  explicit Reader(const OsXml& xml, std::string_view text) : xml_(xml), text_(text) {}

  OssecConf read() {
    out_.odd_comment_line = xml_.odd_comment_line();
    for (const std::size_t root : xml_.roots()) {
      if (node(root).name != "ossec_config") {
        refuse(root, "<" + printable(node(root).name, 60) + "> is outside of <ossec_config>",
               "put it into <ossec_config>");
        continue;
      }
      for (const std::size_t section : xml_.children(root)) take_section(section);
    }
    return std::move(out_);
  }

 private:
  const OsXmlNode& node(std::size_t index) const { return xml_.nodes()[index]; }

  void refuse(std::size_t index, std::string message, std::string next) {
    out_.refusals.push_back({node(index).line, std::move(message), std::move(next)});
  }

  void take_section(std::size_t index) {
    const std::string& name = node(index).name;
    const std::vector<std::size_t> children = xml_.children(index);
    if (is_in(name, kFilledSections)) {
      if (children.empty()) {
        refuse(index, "<" + name + "> without an element in it stops Wazuh", "remove it");
      } else if (name == "integration") {
        take_block(index, children);
      } else if (name == "global") {
        for (const std::size_t child : children) take_global(child);
      } else if (name == "alerts") {
        for (const std::size_t child : children) take_alerts(child);
      }
    } else if (name == "wodle") {
      if (!xml_.has_attributes(index)) {
        refuse(index, "a <wodle> without name=\"...\" stops integratord", "name it or remove it");
      }
    } else if (!is_in(name, kOtherSections)) {
      refuse(index, "<" + printable(name, 60) + "> is not a section of Wazuh 4.14",
             nearest_of(name, kFilledSections, "remove it"));
    }
  }

  template <std::size_t N>
  static std::string nearest_of(std::string_view name, const std::array<const char*, N>& names,
                                const char* otherwise) {
    const std::string lowered = ascii_lower(name);
    const std::string_view near =
        nearest(lowered, std::vector<std::string_view>(names.begin(), names.end()));
    return near.empty() ? otherwise : "did you mean <" + std::string(near) + ">?";
  }

  void take_global(std::size_t index) {
    if (node(index).name != "jsonout_output") return;
    const std::string& value = node(index).content;
    if (value != "yes" && value != "no") {
      refuse(index, "<jsonout_output> is " + quoted(value) + ", which stops analysisd",
             "write yes, without blanks");
    }
    out_.jsonout = value == "yes";
    out_.jsonout_line = node(index).line;
  }

  void take_alerts(std::size_t index) {
    if (node(index).name != "log_alert_level") return;
    const std::string& value = node(index).content;
    if (!is_digits(value)) {
      refuse(index, "<log_alert_level> is " + quoted(value) + ", which stops analysisd",
             "write a number from 1 to 16");
      return;
    }
    constexpr unsigned kByte = 0xFF;  // analysisd stores it in eight bits
    out_.log_alert_level = atoi_of_digits(value) & kByte;
    out_.log_alert_level_line = node(index).line;
  }

  void take_block(std::size_t index, const std::vector<std::size_t>& children) {
    IntegrationBlock block;
    block.line = node(index).line;
    for (const std::size_t child : children) take_element(child, block);
    if (!block.has("name")) {
      refuse(index, "an <integration> without <name> stops integratord",
             "add <name>custom-w2thive</name>");
    }
    out_.blocks.push_back(std::move(block));
  }

  void take_element(std::size_t index, IntegrationBlock& block) {
    const OsXmlNode& element = node(index);
    const std::string& name = element.name;
    if (!is_in(name, kBlockElements)) {
      refuse(index,
             "<" + printable(name, 60) + "> is not an element of <integration>; it stops Wazuh",
             nearest_of(name, kBlockElements, "remove it"));
      return;
    }
    block.lines[name] = element.line;
    const std::string& value = element.content;
    if (name == "name") block.name = value;
    if (name == "hook_url") block.hook_url = value;
    if (name == "api_key") block.api_key = Secret(value);
    if (name == "alert_format") block.alert_format = value;
    if (name == "group") block.group = value;
    if (name == "event_location") block.event_location = value;
    if (name == "rule_id") {
      block.rule_id = value;
      block.rule_id_texts.push_back(value);
    }
    if (name == "options") {
      block.options = value;
      block.options_column = column_of(element.offset);
    }
    if (name == "level" || name == "timeout" || name == "retries" || name == "max_log") {
      take_number(index, block);
    }
  }

  void take_number(std::size_t index, IntegrationBlock& block) {
    const std::string& name = node(index).name;
    const std::string& value = node(index).content;
    if (!is_digits(value)) {
      refuse(index, "<" + name + "> is " + quoted(value) + ", which stops integratord",
             "write digits only, without blanks");
      return;
    }
    constexpr std::uint32_t kLeastLog = 165;
    constexpr std::uint32_t kMostLog = 1024;
    const std::uint32_t log = atoi_of_digits(value);
    if (name == "max_log" && (log < kLeastLog || log > kMostLog)) {
      refuse(index, "<max_log> is " + quoted(value) + ", which stops integratord",
             "write 165 to 1024 or remove it: it has no effect on JSON");
    }
    if (name == "level") block.level = value;
    if (name == "timeout") block.timeout_s = number(value);
    if (name == "retries") block.retries = number(value);
  }

  std::size_t column_of(std::size_t offset) const {
    const std::size_t line = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
    return line == std::string_view::npos ? offset + 1 : offset - line;
  }

  const OsXml& xml_;
  std::string_view text_;
  OssecConf out_;
};

Status not_xml(const std::string& path, const OsXmlError& error) {
  return Status::error(ExitCode::usage,
                       printable(path, 300) + ":" + std::to_string(error.line) +
                           ": not readable as XML: " + error.message,
                       error.hint);
}

// Passes the file's text to `use` and wipes it, because it has keys.
template <typename Use>
Status with_file(Env& env, const std::string& path, const Use& use) {
  auto text = env.read_file(path, kMaxBytes);
  if (!text.ok()) return text.status();
  const OsXml xml = OsXml::parse(*text);
  if (!xml.error()) use(xml, std::string_view(*text));
  secure_wipe(text->data(), text->size());
  return xml.error() ? not_xml(path, *xml.error()) : Status();
}

std::vector<std::string> contents(const OsXml& xml, std::size_t parent, std::string_view name) {
  std::vector<std::string> out;
  for (const std::size_t child : xml.children(parent)) {
    if (xml.nodes()[child].name == name) out.emplace_back(trim(xml.nodes()[child].content));
  }
  return out;
}

std::string last_content(const OsXml& xml, std::size_t parent, std::string_view name) {
  std::vector<std::string> all = contents(xml, parent, name);
  return all.empty() ? std::string() : std::move(all.back());
}

IndexerBlock read_indexer_block(const OsXml& xml, std::size_t index) {
  IndexerBlock block;
  block.present = true;
  block.enabled = last_content(xml, index, "enabled") != "no";
  for (const std::size_t child : xml.children(index)) {
    if (xml.nodes()[child].name == "hosts") block.hosts = contents(xml, child, "host");
    if (xml.nodes()[child].name != "ssl") continue;
    block.certificate = last_content(xml, child, "certificate");
    block.key = last_content(xml, child, "key");
    for (const std::size_t authority : xml.children(child)) {
      if (xml.nodes()[authority].name == "certificate_authorities") {
        block.ca_files = contents(xml, authority, "ca");
      }
    }
  }
  return block;
}

}  // namespace

std::size_t IntegrationBlock::line_of(std::string_view element) const {
  const auto found = lines.find(element);
  return found == lines.end() ? line : found->second;
}

std::uint32_t atoi_of_digits(std::string_view text) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  constexpr std::uint64_t kTen = 10;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') break;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (kMost - digit) / kTen) return static_cast<std::uint32_t>(kMost);
    value = value * kTen + digit;
  }
  return static_cast<std::uint32_t>(value);
}

Result<OssecConf> parse_ossec_conf(std::string_view text, const std::string& path) {
  const OsXml xml = OsXml::parse(text);
  if (xml.error()) return not_xml(path, *xml.error());
  return Reader(xml, text).read();
}

Result<OssecConf> read_ossec_conf(Env& env, const std::string& path) {
  OssecConf conf;
  const Status read = with_file(
      env, path, [&](const OsXml& xml, std::string_view text) { conf = Reader(xml, text).read(); });
  if (!read.ok()) return read;
  return conf;
}

Result<std::vector<IntegrationBlock>> read_integrations(Env& env, const std::string& path) {
  auto conf = read_ossec_conf(env, path);
  if (!conf.ok()) return conf.status();
  return std::move(conf->blocks);
}

Result<IndexerBlock> read_indexer(Env& env, const std::string& path) {
  IndexerBlock block;
  const Status read = with_file(env, path, [&](const OsXml& xml, std::string_view) {
    for (const std::size_t root : xml.roots()) {
      if (xml.nodes()[root].name != "ossec_config") continue;
      for (const std::size_t section : xml.children(root)) {
        if (xml.nodes()[section].name == "indexer") block = read_indexer_block(xml, section);
      }
    }
  });
  if (!read.ok()) return read;
  return block;
}

}  // namespace socbridge::wazuh
