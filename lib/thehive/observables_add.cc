// SPDX-License-Identifier: Apache-2.0
// Adding observables: existing ones are looked up first, and each shape of the answer is read
// (docs/protocols/thehive.md, "Observable errors", "Add observables").
#include <algorithm>
#include <map>

#include "base/text.h"
#include "json/writer.h"
#include "thehive/answer.h"
#include "thehive/observable_body.h"
#include "thehive/observables.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

constexpr std::size_t kTogether = 50;  // versions before 5.5 are slow with more

using Key = std::pair<std::string, std::string>;  // dataType, data

Key key_of(const Observable& o) { return {o.data_type, o.data}; }

bool shares_all_but_data(const Observable& a, const Observable& b) {
  Observable c = a;
  c.data = b.data;
  return c == b;
}

// Reads only TheHive's own text; an echoed value may contain the same words.
bool says_exists(const std::string& message) {
  return own_words(message).find("already exist") != std::string::npos;
}

class Adder {
 public:
  Adder(Client& client, const Subject& subject, const Client::VersionInfo& version,
        const Deadline& deadline)
      : client_(client), subject_(subject), version_(version), deadline_(deadline) {}

  Status add(std::vector<Observable> wanted) {
    if (const Status looked = take_present(wanted); !looked.ok()) return looked;
    while (!wanted.empty()) {
      const auto split = std::find_if(wanted.begin() + 1, wanted.end(), [&](const auto& one) {
        return !shares_all_but_data(wanted.front(), one);
      });
      const auto most = static_cast<std::ptrdiff_t>(std::min(kTogether, wanted.size()));
      const auto end = std::min(split, wanted.begin() + most);
      std::vector<Observable> group(wanted.begin(), end);
      wanted.erase(wanted.begin(), end);
      if (const Status sent = send(std::move(group)); !sent.ok()) return sent;
    }
    return {};
  }

  ObservablesAdded take() { return std::move(out_); }

 private:
  // Moves observables that the subject has from `wanted` to the result; `fresh`: as created.
  Status take_present(std::vector<Observable>& wanted, bool fresh = false) {
    std::map<Key, ObservableInfo> there;
    constexpr std::size_t kValuesInQuery = 100;
    for (std::size_t i = 0; i < wanted.size(); i += kValuesInQuery) {
      std::vector<std::string> values;
      for (std::size_t k = i; k < std::min(wanted.size(), i + kValuesInQuery); ++k) {
        values.push_back(wanted[k].data);
      }
      const Status listed = for_each(
          client_,
          {"socctl-observables-present",
           Query(subject_).to("observables").where(filter::in("data", values))},
          [&](json::Value v) {
            ObservableInfo info = read_observable(v);
            Key key{info.data_type, info.data};
            there.insert_or_assign(std::move(key), std::move(info));
            return true;
          },
          deadline_);
      if (!listed.ok()) return listed;
    }
    std::erase_if(wanted, [&](const Observable& one) {
      const auto found = there.find(key_of(one));
      if (found == there.end()) return false;
      (fresh ? out_.created : out_.present).push_back(found->second);
      return true;
    });
    return {};
  }

  std::string body(const std::vector<Observable>& group) const {
    const Observable& first = group.front();
    json::Writer w;
    w.begin_object();
    w.member("dataType", first.data_type);
    w.key("data");
    w.begin_array();
    for (const Observable& one : group) w.value(one.data);
    w.end_array();
    write_shared(w, first, version_.api);
    w.end_object();
    return std::move(w).take();
  }

  Status send(std::vector<Observable> group) {
    const http::Outcome outcome =
        client_.perform("POST", observables_path(subject_, version_.api), body(group), deadline_);
    const auto answer = accepted("adding observables to " + subject_.text(), outcome);
    if (answer.ok()) return read(std::move(group), answer->root());
    if (outcome.ambiguous()) {
      if (const Status looked = take_present(group, true); !looked.ok()) return answer.status();
      return group.empty() ? Status() : answer.status();
    }
    if (answer.status().code() != ExitCode::refused) return answer.status();
    const ErrorBody error = read_error(outcome.response);
    // A missing case fails all groups, an unknown dataType only this one.
    const bool no_subject = outcome.response.status == 404 &&
                            (istarts_with(error.message, "case ") ||
                             istarts_with(error.message, "alert ") || is_unknown_route(error));
    if (no_subject || !error.is_own) return answer.status();
    return sort_refusal(std::move(group), error, outcome.response);
  }

  Status sort_refusal(std::vector<Observable> group, const ErrorBody& error,
                      const http::Response& response) {
    if (says_exists(error.message)) {  // another client was faster
      if (const Status looked = take_present(group); !looked.ok()) return looked;
      if (group.empty()) return {};
    }
    if (group.size() > 1) {  // one of them fails the whole request
      for (Observable& one : group) {
        if (const Status sent = send({std::move(one)}); !sent.ok()) return sent;
      }
      return {};
    }
    out_.refused.emplace_back(std::move(group.front()),
                              http::describe_answer(response, error, kErrors));
    return {};
  }

  // 200 or 201 with a list, or 207 with `success` and `failure`.
  Status read(std::vector<Observable> group, const json::Value& answer) {
    const json::Value stored = answer.is_array() ? answer : answer["success"];
    for (std::size_t i = 0; i < stored.size(); ++i) {
      ObservableInfo info = read_observable(stored.at(i));
      std::erase_if(group, [&](const Observable& one) { return one.data == info.data; });
      out_.created.push_back(std::move(info));
    }
    const json::Value failed = answer["failure"];
    std::map<std::string, std::string> why;
    for (std::size_t i = 0; i < failed.size(); ++i) {
      const json::Value one = failed.at(i);
      const std::string data(one["object"]["data"].string_or_empty());
      why[data] = printable(one["message"].string().value_or("refused"), 300);
    }
    // An observable that is neither stored nor refused may exist: some versions omit it from the
    // answer.
    if (const Status looked = take_present(group); !looked.ok()) return looked;
    for (Observable& one : group) {
      const auto reason = why.find(one.data);
      out_.refused.emplace_back(
          std::move(one), reason == why.end() ? "TheHive answered without it" : reason->second);
    }
    return {};
  }

  Client& client_;
  const Subject& subject_;
  const Client::VersionInfo& version_;
  const Deadline& deadline_;
  ObservablesAdded out_;
};

}  // namespace

Result<ObservablesAdded> add_observables(Client& client, const Subject& subject,
                                         const std::vector<Observable>& observables,
                                         const Deadline& deadline) {
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  Adder adder(client, subject, *version, deadline);
  const Status added = adder.add(cleaned(observables, version->api));
  if (!added.ok()) return added;
  return adder.take();
}

}  // namespace socbridge::thehive
