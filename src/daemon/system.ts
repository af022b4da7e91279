// Radios and broker of the running daemon, as the API shows them.
import type { MqttView, RadioView } from '../lock/upkeep.ts';
import type { Daemon } from './daemon.ts';

export function radiosOf({ radio }: Daemon): RadioView[] {
  return radio.status().map(({ state, ...counts }) => {
    if (state.ready) return { ...counts, ok: true, text: 'It is ready.' };
    return { ...counts, ok: false, text: state.reason, ...(state.fix !== '' && { fix: state.fix }) };
  });
}

export function mqttOf({ mqtt, parts }: Daemon): MqttView {
  const { url, baseTopic, discoveryPrefix } = parts.config.mqtt;
  return {
    used: mqtt !== undefined,
    connected: mqtt?.connected === true,
    ...(mqtt?.protocol !== undefined && { protocol: mqtt.protocol }),
    ...(mqtt?.reason !== undefined && { reason: mqtt.reason }),
    anonymous: mqtt?.anonymous === true,
    ...(url !== undefined && { broker: withoutLogin(url) }),
    baseTopic,
    discoveryPrefix,
  };
}

/** Somebody may have written user and password into the address. */
function withoutLogin(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}
