#include "enrich/value_asker.h"

#include "enrich/ask_task.h"
#include "enrich/asked_match.h"
#include "json/writer.h"
#include "opencti/context.h"

namespace socbridge::enrich {
namespace {

constexpr std::size_t kBatch = 200;  // as many as one question takes
constexpr std::size_t kMostAnswer = std::size_t{64} << 20;
constexpr std::int64_t kIdleMs = 50, kPatienceMs = 60000, kLongestPauseMs = 60000;

// A value, and all observables that have it.
struct Asked {
  opencti::Value value;
  MatchKey key;
  std::vector<std::uint64_t> observables;
};

std::vector<Asked> asked_of(const std::vector<std::string>& lines) {
  std::vector<Asked> out;
  for (const std::string& line : lines) {
    const auto task = AskTask::read(line);
    const auto key = task.ok() ? key_of(task->data_type, task->data) : std::nullopt;
    if (!key) continue;
    auto same = out.begin();
    while (same != out.end() && !(same->key == *key)) ++same;
    if (same == out.end()) {
      same = out.insert(out.end(), {opencti::value_of(task->data_type, task->data), *key, {}});
    }
    same->observables.push_back(task->observable);
  }
  return out;
}

}  // namespace

// The matches, as lines of the journal.
Result<std::string> ValueAsker::ask(opencti::Client& client,
                                    const std::vector<std::string>& lines) {
  const std::vector<Asked> asked = asked_of(lines);
  std::vector<opencti::Value> values;
  for (const Asked& one : asked) values.push_back(one.value);
  opencti::ContextOptions options;
  options.depth = 0;
  const auto found =
      opencti::find_context(client, values, options, Deadline::after_ms(kPatienceMs));
  if (!found.ok()) return with_choice(found.status());
  MatchRules rules = core_.setup.reader.rules;
  if (!core_.own_account.empty()) rules.own_authors.push_back(core_.own_account);
  std::string out;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    for (const opencti::Indicator& indicator : found->contexts[i].indicators) {
      for (const StreamMatch& match :
           match_asked(indicator, asked[i].key, asked[i].observables, rules, wall_now_ms())) {
        const std::string line = match.json();
        core_.report("match", line.substr(1, line.size() - 2) + ",\"asked\":true");
        out += line + "\n";
        ++matches_;
      }
    }
  }
  values_ += lines.size();
  ++questions_;
  return out;
}

Status ValueAsker::step(opencti::Client& client) {
  const auto batch = core_.asks->next(kBatch);
  if (!batch.ok()) return batch.status();
  if (!batch->lines.empty()) {
    const auto matches = ask(client, batch->lines);
    if (!is_refusal(matches.status())) refusals_ = 0;
    if (!matches.ok()) {
      if (!is_refusal(matches.status()) || ++refusals_ < kRefusals) return matches.status();
      refusals_ = 0;
      core_.report("asking_failed", "\"reason\":" + json::quote(matches.status().message()) +
                                        ",\"values\":" + std::to_string(batch->lines.size()));
    } else if (const Status kept = core_.matches->append(*matches); !kept.ok()) {
      return kept;
    }
  }
  return core_.asks->confirm(*batch);
}

void ValueAsker::run() {
  http::ClientOptions options = core_.setup.reader.http;
  options.max_response_bytes = kMostAnswer;
  http::Client http(std::move(options));
  opencti::Client client(http, *core_.setup.opencti);
  Backoff backoff(core_.setup.reader.shortest_pause_ms, kLongestPauseMs);
  while (!core_.stopping()) {
    const bool last = core_.all_read && core_.all_refreshed;  // before the journal is looked at
    if (core_.asks->empty()) {
      if (last) break;
      core_.nap(kIdleMs);
      continue;
    }
    const Status done = step(client);
    if (done.ok()) {
      backoff.succeeded();
    } else if (!core_.wait_after("opencti_down", done, backoff)) {
      break;
    }
  }
  core_.all_asked = true;
}

}  // namespace socbridge::enrich
