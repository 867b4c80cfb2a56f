#include "wazuh/ossec_conf.h"

#include <algorithm>

#include <pugixml.hpp>

#include "base/text.h"

namespace socbridge::wazuh {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

// The last one wins, as in integratord's reader.
std::string child_text(const pugi::xml_node& block, const char* name) {
  std::string text;
  for (const pugi::xml_node& child : block.children(name)) text = child.child_value();
  return text;
}

int number(const std::string& text, int otherwise) {
  constexpr std::uint64_t kMost = 3600;
  const auto value = parse_u64(trim(text));
  return value ? static_cast<int>(std::min(*value, kMost)) : otherwise;
}

IntegrationBlock read_block(const pugi::xml_node& node) {
  IntegrationBlock block;
  block.name = child_text(node, "name");
  block.hook_url = child_text(node, "hook_url");
  block.alert_format = child_text(node, "alert_format");
  block.options = child_text(node, "options");
  block.group = child_text(node, "group");
  block.rule_id = child_text(node, "rule_id");
  block.event_location = child_text(node, "event_location");
  block.level = child_text(node, "level");
  block.api_key = Secret(child_text(node, "api_key"));
  block.timeout_s = number(child_text(node, "timeout"), block.timeout_s);
  block.retries = number(child_text(node, "retries"), block.retries);
  return block;
}

// Several roots are a fragment to XML; entities stay as they are, since integratord decodes none.
Status load(Env& env, const std::string& path, pugi::xml_document& document) {
  auto text = env.read_file(path, kMaxBytes);
  if (!text.ok()) return text.status();
  constexpr unsigned kFlags = pugi::parse_fragment | pugi::parse_cdata | pugi::parse_eol;
  const pugi::xml_parse_result parsed =
      document.load_buffer(text->data(), text->size(), kFlags, pugi::encoding_utf8);
  Status status;
  if (!parsed) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
    const std::size_t end = std::min(offset, text->size());
    const auto line =
        1 + std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(end), '\n');
    status = Status::error(ExitCode::usage,
                           printable(path, 300) + ":" + std::to_string(line) +
                               ": not readable as XML: " + parsed.description(),
                           "run the manager's own check: wazuh-control start shows the line");
  }
  secure_wipe(text->data(), text->size());  // the keys live on in the document alone
  return status;
}

std::string trimmed(const pugi::xml_node& node) { return std::string(trim(node.child_value())); }

}  // namespace

Result<std::vector<IntegrationBlock>> read_integrations(Env& env, const std::string& path) {
  pugi::xml_document document;
  if (Status loaded = load(env, path, document); !loaded.ok()) return loaded;
  std::vector<IntegrationBlock> blocks;
  for (const pugi::xml_node& root : document.children("ossec_config")) {
    for (const pugi::xml_node& node : root.children("integration"))
      blocks.push_back(read_block(node));
  }
  return blocks;
}

Result<IndexerBlock> read_indexer(Env& env, const std::string& path) {
  pugi::xml_document document;
  if (Status loaded = load(env, path, document); !loaded.ok()) return loaded;
  IndexerBlock block;
  for (const pugi::xml_node& root : document.children("ossec_config")) {
    for (const pugi::xml_node& node : root.children("indexer")) {
      block = {};
      block.present = true;
      block.enabled = trimmed(node.child("enabled")) != "no";
      for (const pugi::xml_node& host : node.child("hosts").children("host"))
        block.hosts.push_back(trimmed(host));
      const pugi::xml_node ssl = node.child("ssl");
      for (const pugi::xml_node& ca : ssl.child("certificate_authorities").children("ca"))
        block.ca_files.push_back(trimmed(ca));
      block.certificate = trimmed(ssl.child("certificate"));
      block.key = trimmed(ssl.child("key"));
    }
  }
  return block;
}

}  // namespace socbridge::wazuh
