// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "thehive/alert.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::thehive {

// What can be written beside the data of an alert or a case: comments, pages, procedures, tags.
// Comments, pages and procedures are not idempotent in TheHive (docs/protocols/thehive.md,
// "Updates"): the put_ functions look first, write only what is not there or is different, and
// after an end that leaves open whether the server acted look again instead of writing twice. Not
// safe against concurrent writers.
enum class Written { unchanged, created, changed };
const char* written_name(Written written);

struct Comment {
  std::string id, message, created_by;
  UnixMillis created_ms = 0;
};
struct Page {
  std::string id, title, category, content;
};
struct ProcedureInfo {
  std::string id, pattern_id, tactic, description;
  UnixMillis occur_ms = 0;
};

// Of an alert or a case. TheHive 4 has no comments: refused, with that reason.
Result<std::vector<Comment>> list_comments(Client& client, const Subject& subject,
                                           const Deadline& deadline);
Status add_comment(Client& client, const Subject& subject, std::string_view message,
                   const Deadline& deadline);
Status edit_comment(Client& client, std::string_view comment_id, std::string_view message,
                    const Deadline& deadline);
// The one comment that holds `marker` (part of `message`, unlike anything a person writes).
Result<Written> put_comment(Client& client, const Subject& subject, std::string_view marker,
                            std::string_view message, const Deadline& deadline);

// Of a case only; alerts have no pages. Not in TheHive 4.
Result<std::vector<Page>> list_pages(Client& client, const Subject& subject,
                                     const Deadline& deadline);
// Writes title, category and content of the page with `page.id`.
Status edit_page(Client& client, const Subject& subject, const Page& page,
                 const Deadline& deadline);
// The one page with this title and category (`page.id` is ignored).
Result<Written> put_page(Client& client, const Subject& subject, const Page& page,
                         const Deadline& deadline);

// Of an alert or a case; in TheHive 4 of a case only.
Result<std::vector<ProcedureInfo>> list_procedures(Client& client, const Subject& subject,
                                                   const Deadline& deadline);
struct ProceduresWritten {
  std::size_t added = 0, present = 0;
  std::vector<std::pair<std::string, std::string>> refused;  // technique, what the server said
};
// Adds those whose technique (and tactic, if given) the subject has not. A technique that the
// server does not know keeps no other one out.
Result<ProceduresWritten> put_procedures(Client& client, const Subject& subject,
                                         const std::vector<Procedure>& procedures,
                                         const Deadline& deadline);

// Tags of an alert, a case or an observable.
Result<std::vector<std::string>> list_tags(Client& client, const Subject& subject,
                                           const Deadline& deadline);
// What is to be added to the tags and taken from them, or what was.
struct TagChange {
  std::vector<std::string> add, remove;
};
// Adds what is not there and removes what is, in one request; none if nothing is to be done. Gives
// what changed. Versions before 5.1 know only the whole list, so there a tag that another user sets
// at the same moment can be lost.
Result<TagChange> change_tags(Client& client, const Subject& subject, const TagChange& wanted,
                              const Deadline& deadline);
// Adds what is not there; gives the tags that were added. As change_tags().
Result<std::vector<std::string>> add_tags(Client& client, const Subject& subject,
                                          const std::vector<std::string>& tags,
                                          const Deadline& deadline);

}  // namespace socbridge::thehive
