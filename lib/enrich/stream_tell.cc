// How one observable's alert or case is told of a match.
#include <algorithm>

#include "enrich/stream_delivery.h"
#include "json/writer.h"
#include "thehive/json_fields.h"
#include "thehive/notes.h"

namespace socbridge::enrich {
namespace {

// What a person reads of a comment of ours: all but its last line.
std::string_view without_mark(std::string_view comment) {
  return comment.substr(0, comment.rfind('\n'));
}

}  // namespace

// The techniques that the match names itself.
Status StreamDelivery::put_techniques(const StreamMatch& match, const Place& place,
                                      const Deadline& deadline) {
  if (!match.active() || match.techniques.empty()) return {};
  std::vector<thehive::Procedure> procedures;
  for (const std::string& technique : match.techniques) {
    procedures.push_back({technique, wall_now_ms(), {}, "From OpenCTI: " + match.indicator});
  }
  const auto put = thehive::put_procedures(client_, place.subject, procedures, deadline);
  if (!put.ok() && put.status().code() != ExitCode::refused) return put.status();
  return {};
}

// TheHive 4 has no comments: there the tags say it, and what they say was told.
Status StreamDelivery::tell_by_tags(const StreamMatch& match, const Seen& observable,
                                    const Place& place, const Told& told,
                                    const Deadline& deadline) {
  const auto subject = thehive::Subject::observable(observable.id);
  const std::vector<std::string> wanted = observable_tags(match);
  const auto have = thehive::list_tags(client_, subject, deadline);
  if (!have.ok()) return have.status();
  const auto there = [&](const std::string& tag) {
    return std::find(have->begin(), have->end(), tag) != have->end();
  };
  const bool never = !there("opencti");
  if (never && !match.active()) {
    ++counts_.known;
    if (told) told(match, observable.data, place.subject, "known");
    return {};
  }
  bool news = !std::all_of(wanted.begin(), wanted.end(), there);
  if (options_.dry_run) {
    if (told) told(match, observable.data, place.subject, news ? "would change" : "known");
    return {};
  }
  if (match.active()) {
    const auto tagged = thehive::add_tags(client_, place.subject, {"opencti"}, deadline);
    if (!tagged.ok()) return tagged.status();
    news = news || !tagged->empty();
    if (const Status s = put_techniques(match, place, deadline); !s.ok()) return s;
  }
  const auto tagged = thehive::add_tags(client_, subject, wanted, deadline);
  if (!tagged.ok()) return tagged.status();
  ++(news ? counts_.changed : counts_.known);
  if (told) told(match, observable.data, place.subject, news ? "changed" : "known");
  return {};
}

Result<std::map<std::string, StreamDelivery::Said>*> StreamDelivery::said_of(
    const thehive::Subject& subject, const Deadline& deadline) {
  const std::string key = subject.path();
  if (const auto known = said_.find(key); known != said_.end()) return &known->second;
  const auto comments = thehive::list_comments(client_, subject, deadline);
  if (!comments.ok()) return comments.status();
  std::map<std::string, Said> said;
  for (const thehive::Comment& comment : *comments) {
    const auto mark = mark_of(comment.message);
    if (!mark) continue;
    Said& newest = said[mark->pair];
    if (newest.mark.pair.empty() || newest.mark.event < mark->event) {
      newest = {*mark, comment.id, comment.message};
    }
  }
  return &(said_[key] = std::move(said));
}

Status StreamDelivery::tell(const StreamMatch& match, const Seen& observable, const Place& place,
                            const Told& told, const Deadline& deadline) {
  const auto report = [&](std::string_view what) {
    if (told) told(match, observable.data, place.subject, what);
  };
  const auto version = client_.version(deadline);
  if (!version.ok()) return version.status();
  if (version->api == thehive::ApiVersion::v4) {
    return tell_by_tags(match, observable, place, told, deadline);
  }
  const auto said = said_of(place.subject, deadline);
  if (!said.ok()) return said.status();
  const Mark mark{pair_of(observable.id, match.indicator), match.state, match.event};
  const auto before = (*said)->find(mark.pair);
  const bool never = before == (*said)->end();
  if ((never && !match.active()) || (!never && match.event <= before->second.mark.event)) {
    ++counts_.known;
    report("known");
    return {};
  }
  const std::string text = comment_text(match, observable.data, mark, options_.dashboard);
  const bool edit = !never && before->second.mark.state == match.state;
  if (edit && without_mark(before->second.message) == without_mark(text)) {
    ++counts_.known;
    report("known");
    return {};
  }
  if (options_.dry_run) {
    report(edit ? "would change" : "would add");
    return {};
  }
  const auto tags = thehive::add_tags(client_, thehive::Subject::observable(observable.id),
                                      observable_tags(match), deadline);
  if (!tags.ok()) return tags.status();
  if (const Status s = put_techniques(match, place, deadline); !s.ok()) return s;
  if (edit && !before->second.comment_id.empty()) {
    if (const Status s = thehive::edit_comment(client_, before->second.comment_id, text, deadline);
        !s.ok()) {
      return s;
    }
    ++counts_.changed;
    report("changed");
    before->second = {mark, before->second.comment_id, text};
    return {};
  }
  // If it stays open whether this acted, the comments are read again before the next try.
  const auto added = client_.send("adding a comment to " + place.subject.text(), "POST",
                                  place.subject.path("comment"),
                                  "{\"message\":" + json::quote(text) + "}", deadline);
  if (!added.ok()) return added.status();
  (**said)[mark.pair] = {mark, thehive::text_field(added->root(), "_id"), text};
  ++counts_.commented;
  report("added");
  return {};
}

}  // namespace socbridge::enrich
