// SPDX-License-Identifier: Apache-2.0
#include "thehive/observables.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "thehive/json_fields.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

void read_attachment(const json::Value& attachment, ObservableInfo& out) {
  out.file_name = attachment["name"].text();
  const std::string id = attachment["id"].text();
  constexpr std::size_t kSha256 = 64;
  for (const std::string& hash : text_list(attachment["hashes"])) {
    if (hash.size() == kSha256) out.sha256 = hash;
  }
  if (out.sha256.empty() && id.size() == kSha256) out.sha256 = id;
}

void read_reports(const json::Value& reports, ObservableInfo& out) {
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const json::Value list = reports.value_at(i)["taxonomies"];
    for (std::size_t k = 0; k < list.size(); ++k) {
      const json::Value one = list.at(k);
      out.taxonomies.push_back({std::string(reports.key_at(i)), one["level"].text(),
                                one["namespace"].text(), one["predicate"].text(),
                                one["value"].text()});
    }
  }
}

}  // namespace

ObservableInfo read_observable(const json::Value& v) {
  ObservableInfo out;
  out.id = v["_id"].text();
  out.data_type = v["dataType"].text();
  out.data = v["data"].text();
  out.message = v["message"].text();
  out.tags = text_list(v["tags"]);
  constexpr int kAmber = 2;
  out.tlp = int_field(v, "tlp", kAmber);
  out.pap = int_field(v, "pap", kAmber);
  out.ioc = flag_field(v, "ioc");
  out.sighted = flag_field(v, "sighted");
  out.ignore_similarity = flag_field(v, "ignoreSimilarity");
  out.created_ms = time_field(v["_createdAt"]);
  read_attachment(v["attachment"], out);
  read_reports(v["reports"], out);
  out.json = v.dump();
  return out;
}

Result<std::vector<ObservableInfo>> list_observables(Client& client, const Subject& subject,
                                                     const Deadline& deadline) {
  std::vector<ObservableInfo> out;
  const Status listed = for_each(
      client,
      {"socctl-observables", Query(subject).to("observables").sort("_createdAt", Order::ascending)},
      [&](json::Value one) {
        out.push_back(read_observable(one));
        return true;
      },
      deadline);
  if (!listed.ok()) return listed;
  return out;
}

Result<ObservableInfo> get_observable(Client& client, std::string_view id,
                                      const Deadline& deadline) {
  const Subject subject = Subject::observable(std::string(id));
  const auto answer = client.send("reading " + subject.text(), "GET", subject.path(), {}, deadline);
  if (!answer.ok()) return answer.status();
  return read_observable(answer->root());
}

Status change_observable(Client& client, std::string_view id, const ObservableChange& change,
                         const Deadline& deadline) {
  if (change.empty()) return {};
  json::Writer w;
  w.begin_object();
  if (change.message) {
    w.member("message", truncate_utf16(repair_utf8(*change.message), limits::kMessage));
  }
  if (change.tlp) w.member("tlp", *change.tlp);
  if (change.pap) w.member("pap", *change.pap);
  if (change.ioc) w.member("ioc", *change.ioc);
  if (change.sighted) w.member("sighted", *change.sighted);
  if (change.ignore_similarity) w.member("ignoreSimilarity", *change.ignore_similarity);
  w.end_object();
  const Subject subject = Subject::observable(std::string(id));
  const auto answer =
      client.send("changing " + subject.text(), "PATCH", subject.path(), w.text(), deadline);
  return answer.ok() ? Status() : answer.status();
}

Result<std::vector<Sighting>> find_value(Client& client, const std::vector<std::string>& values,
                                         std::string_view data_type, std::uint64_t limit,
                                         const Deadline& deadline) {
  std::vector<ObservableInfo> found;
  std::vector<std::string> filters = {filter::in("data", values)};
  if (!data_type.empty()) filters.push_back(filter::is("dataType", data_type));
  const Status listed = for_each(
      client,
      {"socctl-find",
       Query("listObservable").where(filter::all(filters)).sort("_createdAt", Order::descending),
       limit},
      [&](json::Value one) {
        found.push_back(read_observable(one));
        return true;
      },
      deadline);
  if (!listed.ok()) return listed;
  std::vector<Sighting> out;
  for (ObservableInfo& one : found) {
    for (const char* way : {"alert", "case"}) {
      constexpr std::size_t kMostOwners = 100;
      const Query query = Query(Subject::observable(one.id)).to(way).page(0, kMostOwners);
      const auto owners = client.query("socctl-find-owner", query.text(), deadline);
      if (!owners.ok()) return owners.status();
      for (std::size_t i = 0; i < std::min(owners->root().size(), kMostOwners); ++i) {
        const json::Value owner = owners->root().at(i);
        const std::string id = owner["_id"].text();
        const bool is_alert = *way == 'a';
        out.push_back({one, is_alert ? Subject::alert(id) : Subject::of_case(id), owner.dump()});
      }
    }
  }
  return out;
}

}  // namespace socbridge::thehive
