// A noble program as anybody might write it: finds a Nuki lock in pairing mode, sends the messages given, prints what came.
'use strict';

const noble = require('@abandonware/noble');

const messages = process.argv.slice(2);
const PAIRING = /^a92ee[13]00550111e4916c0800200c9a66$/;

noble.on('stateChange', state => {
  if (state === 'poweredOn') noble.startScanning([], true);
});

noble.on('discover', peripheral => {
  // The name comes in the scan response.
  const { serviceData, localName } = peripheral.advertisement;
  const found = serviceData?.find(({ uuid, data }) => PAIRING.test(uuid) && data.length === 4);
  if (!found || !localName) return;
  noble.removeAllListeners('discover');
  noble.stopScanning();
  run(peripheral, found.uuid).then(
    result => {
      process.stdout.write(JSON.stringify(result));
      process.exit(0);
    },
    error => {
      process.stderr.write(String(error));
      process.exit(1);
    },
  );
});

async function run(peripheral, service) {
  await peripheral.connectAsync();
  const { characteristics } = await peripheral.discoverAllServicesAndCharacteristicsAsync();
  const pairing = characteristics.find(({ uuid }) => uuid === service.replace('00550111e4', '01550111e4'));
  const heard = [];
  pairing.on('data', data => heard.push(data.toString('hex')));
  await pairing.subscribeAsync();
  for (const message of messages) await pairing.writeAsync(Buffer.from(message, 'hex'), false);
  // As long as a lock takes to answer.
  await new Promise(resolve => setTimeout(resolve, messages.length > 0 ? 400 : 0));
  const { address, advertisement } = peripheral;
  return { address, name: advertisement.localName, model: service, heard: heard.join(' ') };
}
