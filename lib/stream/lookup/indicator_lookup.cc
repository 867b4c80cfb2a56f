// SPDX-License-Identifier: Apache-2.0
#include "stream/lookup/indicator_lookup.h"

#include "json/writer.h"
#include "opencti/context.h"
#include "stream/lookup/lookup_match.h"

namespace socbridge::stream {
namespace {

constexpr std::size_t kBatch = 200;  // the limit of one query
constexpr std::size_t kMostAnswer = std::size_t{64} << 20;
constexpr std::int64_t kTimeoutMs = 60000, kLongestPauseMs = 60000;

// A value, and all observables with it.
struct LookedUp {
  opencti::Value value;
  MatchKey key;
  std::vector<std::uint64_t> observables;
  std::vector<LookupTask> tasks;
};

std::vector<LookedUp> looked_up_values(const std::vector<std::string>& lines) {
  std::vector<LookedUp> out;
  for (const std::string& line : lines) {
    const auto task = LookupTask::read(line);
    const auto key = task.ok() ? key_of(task->data_type, task->data) : std::nullopt;
    if (!key) continue;
    auto same = out.begin();
    while (same != out.end() && !(same->key == *key)) ++same;
    if (same == out.end()) {
      same = out.insert(out.end(), {opencti::value_of(task->data_type, task->data), *key, {}, {}});
    }
    same->observables.push_back(task->observable);
    same->tasks.push_back(*task);
  }
  return out;
}

}  // namespace

// Returns the matches as lines of the journal.
Result<std::string> IndicatorLookup::ask(opencti::Client& client,
                                         const std::vector<std::string>& lines) {
  const std::vector<LookedUp> looked_up = looked_up_values(lines);
  std::vector<opencti::Value> values;
  for (const LookedUp& one : looked_up) values.push_back(one.value);
  opencti::ContextOptions options;
  options.depth = 0;
  options.detail = opencti::Detail::references;
  const auto found = opencti::find_context(client, values, options, Deadline::after_ms(kTimeoutMs));
  if (!found.ok()) return with_choice(found.status());
  const MatchRules& rules = core_.setup.reader.rules;
  std::string out;
  failed_.clear();
  for (std::size_t i = 0; i < looked_up.size(); ++i) {
    if (const Status& why = found->contexts[i].status; !why.ok()) {
      failed_.insert(failed_.end(), looked_up[i].tasks.begin(), looked_up[i].tasks.end());
      failure_ = why;
      continue;
    }
    for (const opencti::Indicator& indicator : found->contexts[i].indicators) {
      for (StreamMatch& match : lookup_matches(indicator, looked_up[i].key,
                                               looked_up[i].observables, rules, wall_now_ms())) {
        out += match.json() + "\n";
        core_.report(event::Matched{std::move(match), true});
        ++matches_;
      }
    }
  }
  values_ += lines.size() - failed_.size();
  ++queries_;
  return out;
}

// A value whose lookup fails does not block others: it moves to the end of the queue, and is
// dropped after several tries in which lookups of others succeeded.
Status IndicatorLookup::put_back() {
  constexpr std::int64_t kMostTries = 20;
  std::string lines;
  for (LookupTask& task : failed_) {
    if (++task.tries < kMostTries) {
      lines += task.json() + "\n";
      continue;
    }
    core_.report(event::LookupFailed{failure_.message(), 1, "~" + std::to_string(task.observable)});
  }
  return lines.empty() ? Status() : core_.lookups->append(lines);
}

Status IndicatorLookup::step(opencti::Client& client) {
  const auto batch = core_.lookups->next(kBatch);
  if (!batch.ok()) return batch.status();
  if (!batch->lines.empty()) {
    const auto matches = ask(client, batch->lines);
    if (!is_refusal(matches.status())) refusals_ = 0;
    if (!matches.ok()) {
      if (!is_refusal(matches.status()) || ++refusals_ < kRefusals) return matches.status();
      refusals_ = 0;
      core_.report(event::LookupFailed{matches.status().message(), batch->lines.size(), ""});
    } else {
      if (const Status kept = core_.matches->append(*matches); !kept.ok()) return kept;
      if (const Status kept = put_back(); !kept.ok()) return kept;
    }
  }
  const std::size_t failed = failed_.size();
  failed_.clear();
  if (const Status done = core_.lookups->confirm(*batch); !done.ok()) return done;
  // If only such values wait, pause before the next try.
  return failed > 0 && failed == batch->lines.size() ? failure_ : Status();
}

void IndicatorLookup::run() {
  http::ClientOptions options = core_.setup.reader.http;
  options.max_response_bytes = kMostAnswer;
  http::Client http(std::move(options));
  opencti::Client client(http, *core_.setup.opencti);
  Backoff backoff(core_.setup.reader.shortest_pause_ms, kLongestPauseMs);
  while (!core_.stopping()) {
    const auto all_came = [this] { return core_.all_read && core_.all_refreshed; };
    const bool last = all_came();  // before the journal is read
    if (core_.lookups->empty()) {
      if (last) break;
      core_.wait_for_lines(*core_.lookups, all_came);
      continue;
    }
    const Status done = step(client);
    if (done.ok()) {
      backoff.succeeded();
    } else if (!core_.wait_after(event::Outage::Of::opencti, done, backoff)) {
      break;
    }
  }
  core_.raise(core_.all_looked_up);
}

}  // namespace socbridge::stream
