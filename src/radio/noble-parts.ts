// The parts of @abandonware/noble 1.9.2-26 that we touch, private ones included: that version is pinned, and test/hci
// runs the real one. Nothing is imported from the library here.

export interface HciSocket extends NodeJS.EventEmitter {
  start(): void;
  stop(): void;
  isDevUp(): boolean;
  write(packet: Buffer): void;
  getDeviceList?(): readonly { devId: number | null; devUp: boolean | null }[];
  bindControl?(): void;
}

/** Emits leAdvertisingReport, leConnComplete, disconnComplete, leScanEnableSet, leScanEnableSetCmd, addressChange. */
export interface Hci extends NodeJS.EventEmitter {
  _socket: HciSocket;
  _deviceId: number | undefined;
  _isDevUp: boolean | null;
  _userChannel: unknown;
  _handleBuffers: Record<number, { length: number; data: Buffer } | undefined>;
  pollIsDevUp: () => void;
  onSocketData: (packet: Buffer) => void;
  writeAclDataPkt: (handle: number, channel: number, data: Buffer) => Promise<void>;
  flushAcl: () => Promise<void>;
  disconnect(handle: number): void;
  reset(): void;
}

export interface NobleBindings extends NodeJS.EventEmitter {
  _hci: Hci;
  _gap: NodeJS.EventEmitter;
  _state: string | null;
  _addresses: Record<string, string>;
  _addresseTypes: Record<string, string>;
  _connectable: Record<string, unknown>;
  scannable: Record<string, unknown>;
  _gatts: Record<number, { _security: string; _currentCommand: { buffer: Buffer } | null } | undefined>;
  init: () => void;
  onStateChange: (state: string) => void;
  onAclDataPkt: (handle: number, channel: number, data: Buffer) => void;
}

/** Emits read-backs as `data` (bytes, isNotification), `write` and `notify`. */
export interface NobleCharacteristic extends NodeJS.EventEmitter {
  uuid: string;
  properties: readonly string[];
  read(): void;
  write(data: Buffer, withoutResponse: boolean): void;
  subscribe(): void;
}

export interface NoblePeripheral extends NodeJS.EventEmitter {
  state: string;
  mtu: number | null;
  connect(parameters: { minInterval: number; maxInterval: number; latency: number; timeout: number }): void;
  cancelConnect(): void;
  disconnect(): void;
  discoverAllServicesAndCharacteristics(
    done: (error: unknown, services: unknown, characteristics: NobleCharacteristic[]) => void,
  ): void;
}

export interface Noble extends NodeJS.EventEmitter {
  _bindings: NobleBindings;
  _peripherals: Record<string, NoblePeripheral | undefined>;
  _services: Record<string, unknown>;
  _characteristics: Record<string, unknown>;
  _descriptors: Record<string, unknown>;
  _discoveredPeripheralUUids: Record<string, unknown>;
  startScanning(services: readonly string[], allowDuplicates: boolean): void;
  stopScanning(): void;
}

/** What `require('@abandonware/noble/with-custom-binding')` gives: a new, separate noble at every call. */
export type MakeNoble = (options: { deviceId?: number }) => Noble;
