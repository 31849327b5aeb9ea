// Rows by id in the order they came: what comes again takes its old place, the oldest make room.

const SLACK = 500; // dropped at a time, so that a full list does not move for every row

export class Rows {
  constructor(most) {
    this.most = most;
    this.clear();
  }

  clear() {
    this.list = [];
    this.dropped = 0;
    this.places = new Map();
  }

  get(id) {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.list[place - this.dropped];
  }

  /** Add a row, or put it in the place of the one with its id. */
  put(row) {
    const place = this.places.get(row.id);
    if (place !== undefined) {
      this.list[place - this.dropped] = row;
      return;
    }
    this.places.set(row.id, this.dropped + this.list.length);
    this.list.push(row);
    if (this.list.length >= this.most + SLACK) this.makeRoom();
  }

  makeRoom() {
    for (const row of this.list.splice(0, SLACK)) this.places.delete(row.id);
    this.dropped += SLACK;
  }
}
