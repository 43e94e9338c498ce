#include "tests/fake/common/wire.h"

#define OUT_MAX      ((size_t)32 * 1024 * 1024)
#define CODE_TOO_BIG 1009

void wire_init(struct wire *w, struct lws *wsi, size_t rx_max) {
    *w = (struct wire){.wsi = wsi, .rx_max = rx_max};
    buf_init(&w->rx, rx_max + 2);
    buf_init(&w->tx, OUT_MAX);
}

void wire_free(struct wire *w) {
    buf_free(&w->rx);
    buf_free(&w->tx);
}

int wire_receive(struct wire *w, const char *in, size_t len) {
    if (lws_is_first_fragment(w->wsi)) {
        buf_clear(&w->rx);
        w->too_big = false;
    }
    if (w->rx.len + len > w->rx_max) {
        w->too_big = true; /* closing in the middle of a message makes lws 4.1 spin */
    } else if (len > 0) {
        buf_add(&w->rx, in, len);
    }
    if (!lws_is_final_fragment(w->wsi) || lws_remaining_packet_payload(w->wsi)) {
        return 0;
    }
    if (w->too_big) {
        lws_close_reason(w->wsi, CODE_TOO_BIG, NULL, 0);
        return -1;
    }
    return 1;
}

void wire_load(struct wire *w) {
    static const char room[LWS_PRE] = {0};
    buf_clear(&w->tx);
    buf_add(&w->tx, room, sizeof(room));
    w->tx_at = sizeof(room);
    w->tx_parts = 1;
}

/* One fragment: lws 4.1 mixes up frames written while it still holds a part of the last one. */
int wire_write_part(struct wire *w) {
    size_t left = w->tx.len - w->tx_at;
    size_t n = w->tx_parts > 1 ? left / (size_t)w->tx_parts : left;
    int type = w->tx_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
    type = w->tx_at == LWS_PRE ? type : LWS_WRITE_CONTINUATION;
    type |= w->tx_parts > 1 ? LWS_WRITE_NO_FIN : 0;
    unsigned char *p = (unsigned char *)w->tx.p + w->tx_at;
    w->tx_at += n;
    w->tx_parts--;
    return lws_write(w->wsi, p, n, (enum lws_write_protocol)type) < 0 ? -1 : 0;
}
