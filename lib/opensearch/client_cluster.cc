// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/text.h"
#include "opensearch/client.h"

namespace socbridge::opensearch {
namespace {

// A setting of `/_cluster/settings`, nested or flat.
std::string setting(json::Value root, const std::string& name) {
  for (const char* layer : {"transient", "persistent", "defaults"}) {
    if (auto text = root[layer].path(name).scalar_text()) return *text;
  }
  return {};
}

std::optional<Watermark> watermark(json::Value root, const std::string& name) {
  const std::string key = "cluster.routing.allocation.disk.watermark." + name;
  auto mark = parse_watermark(setting(root, key));
  if (!mark) return mark;
  // Elasticsearch 8 only: on a large disk a percentage is limited to this many free bytes.
  const auto headroom = parse_watermark(setting(root, key + ".max_headroom"));
  if (headroom) mark->headroom = headroom->free_bytes;
  return mark;
}

std::vector<Block> read_blocks(json::Value blocks) {
  std::vector<Block> out;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const json::Value given = blocks.value_at(i);
    Block block;
    block.id = std::string(blocks.key_at(i));
    block.description = given["description"].scalar_text().value_or("block " + block.id);
    const json::Value levels = given["levels"];
    for (std::size_t k = 0; k < levels.size(); ++k) {
      const auto level = levels.at(k).string();
      if (level == "read") block.reads = true;
      if (level == "write") block.writes = true;
      if (level == "create_index" || level == "metadata_write") block.creates = true;
    }
    out.push_back(std::move(block));
  }
  return out;
}

}  // namespace

// Without `flat_settings`: `filter_path` reads a flat name as one segment and would remove it.
Result<Limits> Client::limits(const Deadline& deadline) {
  const auto answer = service_.get(
      "/_cluster/settings?include_defaults=true"
      "&filter_path=*.cluster.routing.allocation.disk,*.cluster.max_shards_per_node",
      deadline);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  Limits limits;
  limits.low = watermark(root, "low");
  limits.high = watermark(root, "high");
  limits.flood_stage = watermark(root, "flood_stage");
  limits.disk_watched =
      setting(root, "cluster.routing.allocation.disk.threshold_enabled") != "false";
  limits.shards_per_node = parse_u64(setting(root, "cluster.max_shards_per_node"));
  return limits;
}

Result<Blocks> Client::blocks(const Deadline& deadline) {
  const auto answer = service_.get("/_cluster/state/blocks", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value given = answer->root()["blocks"];
  if (!given.is_object()) {
    return Status::error(ExitCode::refused, "OpenSearch: the answer has no blocks",
                         "check that the URL is that of OpenSearch");
  }
  Blocks blocks;
  blocks.cluster = read_blocks(given["global"]);
  const json::Value indices = given["indices"];
  for (std::size_t i = 0; i < indices.size(); ++i) {
    blocks.indices[std::string(indices.key_at(i))] = read_blocks(indices.value_at(i));
  }
  return blocks;
}

}  // namespace socbridge::opensearch
