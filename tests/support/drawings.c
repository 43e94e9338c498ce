#include "tests/support/drawings.h"

static const struct drawing_bar bars[DRAWING_MAX_BARS] = {
    {"リスクマネジメント", 3, 1, 2},
    {"契約と調達", 1, DRAWING_NOTHING, 4},
    {"ログの監視", DRAWING_NOTHING, DRAWING_NOTHING, 2},
    {"Awareness", 0, 0, DRAWING_NOTHING},
    {"インシデントへの対応と、事業を続けるための計画", 2, 2, 2},
    {"暗号", 4, 3, 4},
    {"教育", 2, 1, 0},
    {"脆弱性の管理", 1, 2, 3},
    {"委託先の監査", 2, DRAWING_NOTHING, 3},
    {"個人情報の保護", 3, 3, 3},
    {"内部不正の防止", 1, 0, 2},
    {"クラウドの利用", 2, 1, 4},
    {"法令とガイドライン", 0, 0, 1},
    {"報告と連絡", 4, 4, 2},
    {"資産の管理", 2, 2, 3},
};

struct drawing drawing_of(size_t n) {
    return (struct drawing){.title = "いまの段階と目標",
                            .value_name = "いま",
                            .before_name = "前回",
                            .goal_name = "目標",
                            .unknown_name = "わからない",
                            .source = "出典: ハンドブック",
                            .alt = "リスクマネジメントは3(目標2)",
                            .bars = bars,
                            .n = n,
                            .max = 4};
}
