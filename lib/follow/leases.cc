// SPDX-License-Identifier: Apache-2.0
#include "follow/leases.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::follow {
namespace {

constexpr int kAutomatic = 16;
constexpr int kMostSlices = 1024;
constexpr std::int64_t kForgottenLeases =
    10;  // a worker's announcement is removed after this many lease times

void read_shards(json::Value list, std::map<std::string, ShardCursor>& out) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    ShardCursor cursor = ShardCursor::read(list.at(i));
    if (!cursor.uuid().empty()) out.insert_or_assign(cursor.key(), std::move(cursor));
  }
}

}  // namespace

Status Leases::open() {
  if (Status made = store_.make(); !made.ok()) return made;
  for (int tries = 0; tries < 3; ++tries) {
    const auto plan = store_.get(id_of("plan"));
    if (!plan.ok()) return plan.status();
    if (*plan) {
      const auto document = json::Document::parse((*plan)->source);
      const auto slices = document.ok() ? document->root()["slices"].integer() : std::nullopt;
      const auto since = document.ok() ? document->root()["since_ms"].integer() : std::nullopt;
      if (!slices || !since || *slices < 1 || *slices > kMostSlices) {
        return Status::error(
            ExitCode::failure,
            "the checkpoint " + printable(options_.name) + " in " + store_.index() + " is damaged",
            "use another --checkpoint");
      }
      if (options_.slices != 0 && options_.slices != *slices) {
        return Status::error(
            ExitCode::usage,
            "the checkpoint " + printable(options_.name) + " has " + std::to_string(*slices) +
                " slices, not " + std::to_string(options_.slices),
            "give --slices " + std::to_string(*slices) + ", or another --checkpoint");
      }
      options_.slices = static_cast<int>(*slices);
      options_.since_ms = *since;
      return {};
    }
    json::Writer w;
    w.begin_object();
    w.member("kind", "plan");
    w.member("name", options_.name);
    w.member("slices", options_.slices == 0 ? kAutomatic : options_.slices);
    w.member("since_ms", options_.since_ms);
    w.member("by", options_.worker);
    w.end_object();
    const auto made = store_.put(id_of("plan"), w.text(), {});
    if (!made.ok()) return made.status();
  }
  return Status::error(ExitCode::failure, "the checkpoint cannot be created", "try again");
}

// A document that is seen for the first time counts as changed now.
bool Leases::changed_lately(const opensearch::StoredDocument& document) {
  const std::int64_t now = options_.now_ms();
  Seen& seen = seen_[document.id];
  if (!(seen.version == document.version)) seen = {document.version, now};
  return now - seen.changed_ms < options_.lease_ms;
}

Result<Leases::Board> Leases::look() {
  const auto documents = store_.list(options_.name);
  if (!documents.ok()) return documents.status();
  Board board;
  std::size_t others = 0;
  for (const opensearch::StoredDocument& one : *documents) {
    const auto document = json::Document::parse(one.source);
    if (!document.ok()) continue;
    const json::Value root = document->root();
    const bool lately = changed_lately(one);
    if (root["kind"].string() == "worker" && root["worker"].text() != options_.worker) {
      if (lately) {
        ++others;
      } else if (options_.now_ms() - seen_[one.id].changed_ms >
                 kForgottenLeases * options_.lease_ms) {
        board.dead_workers.push_back(one.id);
      }
    }
    if (root["kind"].string() != "slice") continue;
    const int number = static_cast<int>(root["slice"].integer().value_or(-1));
    board.slices[number] = one;
    board.owners[number] = lately ? root["owner"].text() : "";
  }
  workers_ = others + 1;
  return board;
}

Status Leases::announce() {
  json::Writer w;
  w.begin_object();
  w.member("kind", "worker");
  w.member("name", options_.name);
  w.member("worker", options_.worker);
  w.member("beat", ++beat_);
  w.end_object();
  const auto written = store_.put(id_of("worker." + options_.worker), w.text(), own_version_);
  if (!written.ok()) return written.status();
  if (!*written) {  // another worker considered it dead
    const auto now = store_.get(id_of("worker." + options_.worker));
    if (!now.ok()) return now.status();
    own_version_ = *now ? std::optional((*now)->version) : std::nullopt;
    return {};
  }
  own_version_ = **written;
  return {};
}

Result<bool> Leases::write(Slice& slice, std::string_view owner) {
  json::Writer w;
  w.begin_object();
  w.member("kind", "slice");
  w.member("name", options_.name);
  w.member("slice", slice.number);
  w.member("owner", owner);
  w.member("writer", options_.worker);
  w.member("beat", ++beat_);
  w.key("shards");
  w.begin_array();
  for (const auto& [key, cursor] : slice.shards) w.raw(cursor.write());
  w.end_array();
  w.end_object();
  const auto seen = slice.version.seq_no < 0 ? std::nullopt : std::optional(slice.version);
  const auto written = store_.put(id_of("slice." + std::to_string(slice.number)), w.text(), seen);
  if (!written.ok()) return written.status();
  if (!*written) return false;
  slice.version = **written;
  return true;
}

Result<bool> Leases::save(int number) {
  const auto written = write(owned_.at(number), options_.worker);
  if (written.ok() && !*written) owned_.erase(number);
  return written;
}

Status Leases::renew() {
  for (const int number : owned()) {
    const auto saved = save(number);
    if (!saved.ok()) return saved.status();
  }
  return {};
}

bool Leases::is_free(const Board& board, int number) {
  if (owns(number)) return false;
  const auto owner = board.owners.find(number);
  return owner == board.owners.end() || owner->second.empty() || owner->second == options_.worker;
}

Status Leases::take_share(const Board& board) {
  const auto all = static_cast<std::size_t>(options_.slices);
  const std::size_t share = options_.only ? 1 : (all + workers_ - 1) / workers_;
  for (int number = 0; number < options_.slices && owned_.size() < share; ++number) {
    if (options_.only && number != *options_.only) continue;
    if (!is_free(board, number)) continue;
    Slice slice;
    slice.number = number;
    if (const auto found = board.slices.find(number); found != board.slices.end()) {
      slice.version = found->second.version;
      const auto document = json::Document::parse(found->second.source);
      if (document.ok()) read_shards(document->root()["shards"], slice.shards);
    }
    const auto taken = write(slice, options_.worker);
    if (!taken.ok()) return taken.status();
    if (*taken) owned_.emplace(number, std::move(slice));
  }
  return options_.only ? Status() : give_back_more_than(share);
}

Status Leases::give_back_more_than(std::size_t share) {
  while (owned_.size() > share) {
    const int number = owned_.rbegin()->first;
    const auto written = write(owned_.at(number), {});
    if (!written.ok()) return written.status();
    owned_.erase(number);
  }
  return {};
}

Result<bool> Leases::step() {
  const std::int64_t now = options_.now_ms();
  if (renewed_ms_ != 0 && now - renewed_ms_ < step_ms()) return false;
  const std::vector<int> before = owned();
  if (Status bad = announce(); !bad.ok()) return bad;
  if (Status bad = renew(); !bad.ok()) return bad;
  const auto board = look();
  if (!board.ok()) return board.status();
  if (Status bad = take_share(*board); !bad.ok()) return bad;
  for (const std::string& id : board->dead_workers) {
    seen_.erase(id);
    static_cast<void>(store_.remove(id));
  }
  renewed_ms_ = now;
  return owned() != before;
}

std::vector<int> Leases::owned() const {
  std::vector<int> out;
  out.reserve(owned_.size());
  for (const auto& [number, slice] : owned_) out.push_back(number);
  return out;
}

void Leases::close() {
  static_cast<void>(give_back_more_than(0));
  owned_.clear();
  static_cast<void>(store_.remove(id_of("worker." + options_.worker)));
}

}  // namespace socbridge::follow
