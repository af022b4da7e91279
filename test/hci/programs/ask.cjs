// A noble program as anybody might write it: finds a TTLock, reads its model, sends the frames given, prints what came.
'use strict';

const noble = require('@abandonware/noble');

const frames = process.argv.slice(2);

noble.on('stateChange', state => {
  if (state === 'poweredOn') noble.startScanning(['1910'], false);
});

noble.on('discover', peripheral => {
  noble.stopScanning();
  run(peripheral).then(
    found => {
      process.stdout.write(JSON.stringify(found));
      process.exit(0);
    },
    error => {
      process.stderr.write(String(error));
      process.exit(1);
    },
  );
});

async function run(peripheral) {
  await peripheral.connectAsync();
  const { characteristics } = await peripheral.discoverAllServicesAndCharacteristicsAsync();
  const at = uuid => characteristics.find(characteristic => characteristic.uuid === uuid);
  const model = String(await at('2a24').readAsync());
  const heard = [];
  at('fff4').on('data', data => heard.push(data.toString('hex')));
  await at('fff4').subscribeAsync();
  for (const frame of frames) await at('fff2').writeAsync(Buffer.from(frame, 'hex'), true);
  // As long as a lock takes to answer.
  await new Promise(resolve => setTimeout(resolve, frames.length > 0 ? 400 : 0));
  return { address: peripheral.address, name: peripheral.advertisement.localName, model, heard: heard.join('') };
}
