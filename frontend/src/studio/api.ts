/** The studio's buttons as requests. */
import type { Product } from "../goods";
import { request } from "../http";
import { me } from "../me";

export interface ShowDetail {
  id: string;
  status: string;
  started_at: string | null;
  ended_at: string | null;
  products: Product[];
  pinned: number | null;
}

interface OnAir {
  ingest_key: string;
  show: ShowDetail;
}

export interface StockNow {
  left: number;
  closed: boolean;
}

export class StudioApi {
  constructor(private readonly show: string) {}

  detail(): Promise<ShowDetail> {
    return request("GET", `/api/v1/shows/${this.show}`);
  }

  goOnAir(): Promise<OnAir> {
    return this.#post("on-air");
  }

  end(): Promise<ShowDetail> {
    return this.#post("end");
  }

  pin(product: number): Promise<unknown> {
    return this.#post("pin", { product });
  }

  unpin(): Promise<unknown> {
    return this.#post("unpin");
  }

  soldOut(variant: number): Promise<StockNow> {
    return this.#post("sold-out", { variant });
  }

  reopen(variant: number): Promise<StockNow> {
    return this.#post("reopen", { variant });
  }

  async #post<T>(what: string, body: unknown = {}): Promise<T> {
    const { csrf } = await me();
    return request<T>("POST", `/api/v1/studio/shows/${this.show}/${what}`, { body, csrf });
  }
}
