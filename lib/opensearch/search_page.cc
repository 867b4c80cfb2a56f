// SPDX-License-Identifier: Apache-2.0
#include "opensearch/search_page.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/raw.h"
#include "json/value.h"
#include "opensearch/answer_count.h"

namespace socbridge::opensearch {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kWordsMax = 200;

// The text of a member's value; empty if missing.
std::string_view member_of(std::string_view object, std::string_view name) {
  const std::size_t begin = json::find_member(object, json::skip_blanks(object, 0), name);
  if (begin == kNone) return {};
  const std::size_t end = json::skip_value(object, begin);
  return end == kNone ? std::string_view() : object.substr(begin, end - begin);
}

// Index names, document names and ids have no escapes.
std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

Shards shards_of(std::string_view answer) {
  Shards shards;
  shards.timed_out = member_of(answer, "timed_out") == "true";
  const auto document = json::Document::parse(member_of(answer, "_shards"));
  if (!document.ok()) return shards;
  const json::Value given = document->root();
  shards.total = count_in(given["total"]);
  // An unassigned shard is not counted in `failed`, only missing in `successful`.
  shards.answered = std::min(count_in(given["successful"], shards.total),
                             shards.total - count_in(given["failed"]));
  const json::Value failures = given["failures"];
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const json::Value reason = failures.at(i)["reason"];
    if (reason["type"].string() == "search_context_missing_exception") shards.context_lost = true;
    if (shards.failure.empty()) {
      shards.failure = printable(reason["reason"].text(), kWordsMax);
    }
  }
  return shards;
}

bool SearchPage::take(std::string answer) {
  text_ = std::move(answer);
  hits_.clear();
  shards_ = shards_of(text_);
  point_in_time_ = unquoted(member_of(text_, "pit_id"));
  const std::string_view outer = member_of(text_, "hits");
  const std::string_view list = member_of(outer, "hits");
  bool well = true;
  return !list.empty() &&
         json::for_each_element(list, 0, [&](std::string_view raw) { well = add(raw) && well; }) &&
         well;
}

bool SearchPage::add(std::string_view raw) {
  Hit hit;
  hit.raw = raw;
  hit.index = unquoted(member_of(raw, "_index"));
  hit.id = unquoted(member_of(raw, "_id"));
  const std::string_view sort = member_of(raw, "sort");
  if (sort.size() < 2 || hit.id.empty()) return false;
  hit.sort = trim(sort.substr(1, sort.size() - 2));
  const std::size_t end = json::skip_value(hit.sort, 0);
  if (end == kNone) return false;
  hit.time = hit.sort.substr(0, end);
  hits_.push_back(hit);
  return true;
}

}  // namespace socbridge::opensearch
