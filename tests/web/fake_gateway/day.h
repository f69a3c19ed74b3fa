// An invented morning of mail: many queues, some late, some that wait for a person, some refused.
#pragma once

#include <vector>

#include "tests/web/fake/fake_desk.h"

namespace pleiade::gateway::fake {

std::vector<v1::DocumentView> invented_documents();
void fill_desk(FakeDesk& desk, const std::vector<v1::DocumentView>& documents);

}  // namespace pleiade::gateway::fake
