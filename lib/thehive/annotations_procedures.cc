// SPDX-License-Identifier: Apache-2.0
// The procedures (MITRE ATT&CK techniques) of alerts and cases.
#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "thehive/annotations.h"
#include "thehive/json_fields.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

void write_procedure(json::Writer& w, const Procedure& one) {
  w.member("patternId", one.pattern_id);
  w.member("occurDate", one.occur_ms);
  if (!one.tactic.empty()) w.member("tactic", one.tactic);
  if (!one.description.empty()) {
    w.member("description", truncate_utf16(repair_utf8(one.description), limits::kDescription));
  }
}

// One request for many since 5.1, one request each before; version 4 has a path of its own.
class Sender {
 public:
  Sender(Client& client, const Subject& subject, const Client::VersionInfo& version)
      : client_(client), subject_(subject), version_(version) {}

  bool takes_many() const { return version_.at_least(5, 1); }

  http::Outcome send_many(const std::vector<Procedure>& procedures, const Deadline& deadline) {
    json::Writer w;
    w.begin_object();
    w.key("procedures");
    w.begin_array();
    for (const Procedure& one : procedures) {
      w.begin_object();
      write_procedure(w, one);
      w.end_object();
    }
    w.end_array();
    w.end_object();
    return client_.perform("POST", subject_.path("procedures"), w.text(), deadline);
  }

  http::Outcome send_one(const Procedure& one, const Deadline& deadline) {
    const bool v4 = version_.api == ApiVersion::v4;
    json::Writer w;
    w.begin_object();
    if (v4) w.member("caseId", subject_.id);
    write_procedure(w, one);
    w.end_object();
    return client_.perform("POST", v4 ? "/api/v1/procedure" : subject_.path("procedure"), w.text(),
                           deadline);
  }

 private:
  Client& client_;
  const Subject& subject_;
  const Client::VersionInfo& version_;
};

bool same(const ProcedureInfo& have, const Procedure& wanted) {
  return have.pattern_id == wanted.pattern_id &&
         (wanted.tactic.empty() || have.tactic.empty() || have.tactic == wanted.tactic);
}

std::vector<Procedure> missing_of(const std::vector<ProcedureInfo>& present,
                                  const std::vector<Procedure>& wanted, std::size_t& there) {
  std::vector<Procedure> out;
  for (const Procedure& one : wanted) {
    const bool have = std::any_of(present.begin(), present.end(),
                                  [&](const ProcedureInfo& p) { return same(p, one); });
    const bool twice = std::any_of(out.begin(), out.end(), [&](const Procedure& p) {
      return p.pattern_id == one.pattern_id && p.tactic == one.tactic;
    });
    if (have) ++there;
    if (!have && !twice) out.push_back(one);
  }
  return out;
}

// After an end that leaves open whether the server acted: the subject has all that was sent.
bool arrived(Client& client, const Subject& subject, const std::vector<Procedure>& sent,
             const Deadline& deadline) {
  const auto present = list_procedures(client, subject, deadline);
  std::size_t there = 0;
  return present.ok() && missing_of(*present, sent, there).empty();
}

}  // namespace

Result<std::vector<ProcedureInfo>> list_procedures(Client& client, const Subject& subject,
                                                   const Deadline& deadline) {
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  if (version->api == ApiVersion::v4 && subject.kind != Subject::Kind::of_case) {
    return Status::error(ExitCode::refused,
                         "TheHive " + version->version + " has procedures on cases only",
                         "promote the alert to a case first");
  }
  std::vector<ProcedureInfo> out;
  const Status listed = for_each(
      client, {"socctl-procedures", Query(subject).to("procedures")},
      [&](json::Value v) {
        out.push_back({v["_id"].text(), v["patternId"].text(), v["tactic"].text(),
                       v["description"].text(), time_field(v["occurDate"])});
        return true;
      },
      deadline);
  if (!listed.ok()) return listed;
  return out;
}

Result<ProceduresWritten> put_procedures(Client& client, const Subject& subject,
                                         const std::vector<Procedure>& procedures,
                                         const Deadline& deadline) {
  ProceduresWritten out;
  auto present = list_procedures(client, subject, deadline);
  if (!present.ok()) return present.status();
  std::vector<Procedure> missing = missing_of(*present, procedures, out.present);
  if (missing.empty()) return out;
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  Sender sender(client, subject, *version);
  const std::string what = "adding procedures to " + subject.text();

  if (sender.takes_many() && missing.size() > 1) {
    const http::Outcome outcome = sender.send_many(missing, deadline);
    const auto added = accepted(what, outcome);
    if (added.ok() || (outcome.ambiguous() && arrived(client, subject, missing, deadline))) {
      out.added = missing.size();
      return out;
    }
    // One unknown technique fails the whole request. Other errors would fail each one too.
    if (added.status().code() != ExitCode::refused) return added.status();
  }
  for (const Procedure& one : missing) {
    const http::Outcome outcome = sender.send_one(one, deadline);
    const auto added = accepted(what, outcome);
    if (added.ok() || (outcome.ambiguous() && arrived(client, subject, {one}, deadline))) {
      ++out.added;
    } else if (added.status().code() == ExitCode::refused) {
      out.refused.emplace_back(one.pattern_id, added.status().message());
    } else {
      return added.status();
    }
  }
  return out;
}

}  // namespace socbridge::thehive
